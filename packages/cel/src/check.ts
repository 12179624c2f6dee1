/**
 * The type checker: which type each part of an expression has, which overloads of functions it may call, and what is wrong with it.
 * Messages are those of upstream's checker (they are shown to clients by the API server).
 */
import type { Overload } from './declarations/signature.ts';
import type { Environment, FunctionDeclaration } from './environment.ts';
import type { CallExpression, ComprehensionExpression, Expression, Issue, ListExpression, Literal, MapExpression, SelectExpression, StructExpression } from './expression.ts';
import {
  boolType, bytesType, declaredName, doubleType, dynType, errorType, intType, isDyn, isDynOrError, isSame, listType, mapType, messageName, nullType, optionalType, parameter, signatureText,
  stringType, typeText, uintType, unwrapOptional, withParameters, type Type,
} from './type.ts';
import { Bindings, mostGeneral } from './unification.ts';

/** A checked expression. Names of more than one part are one identifier in it, and functions of namespaces have no target. */
export interface Checked {
  readonly expression: Expression;
  readonly type: Type;
  /** The type of each node, by its id. */
  readonly types: ReadonlyMap<number, Type>;
  /** The ids of the overloads that each call may be. */
  readonly overloads: ReadonlyMap<number, readonly string[]>;
}

/** Checks a parsed expression: what it is, or everything that is wrong with it in the order it was found. */
export function check(expression: Expression, environment: Environment): Checked | { readonly issues: readonly Issue[] } {
  const checker = new Checker(environment);
  const checked = checker.check(expression);
  if (checker.issues.length > 0) return { issues: checker.issues };
  return { expression: checked, type: checker.typeOf(expression.id), types: checker.types(), overloads: checker.overloads };
}

const literalTypes: Readonly<Record<Literal['type'], Type>> = { null: nullType, bool: boolType, int: intType, uint: uintType, double: doubleType, string: stringType, bytes: bytesType };

/** How many types one type may be made of. Each macro can double them, and what is done with a type goes through all; upstream has no limit, and takes its time. */
const mostTypes = 1024;

/** `a.b.c`, where an expression is nothing but names; undefined of others. */
function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'identifier') return expression.name;
  if (expression.kind !== 'select' || expression.isTest) return undefined;
  const operand = qualifiedName(expression.operand);
  return operand === undefined ? undefined : `${operand}.${expression.field}`;
}

/** A leading point says that a name is not relative to any namespace; here none is. */
const absolute = (name: string): string => (name.startsWith('.') ? name.slice(1) : name);

class Checker {
  readonly issues: Issue[] = [];
  readonly overloads = new Map<number, readonly string[]>();
  readonly #types = new Map<number, Type>();
  readonly #bindings = new Bindings();
  readonly #environment: Environment;
  /** Variables of the macros around, the innermost last. */
  readonly #scopes: Map<string, Type>[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  typeOf(id: number): Type {
    return this.#bindings.resolve(this.#types.get(id) ?? dynType, true);
  }

  types(): ReadonlyMap<number, Type> {
    return new Map([...this.#types].map(([id, type]) => [id, this.#bindings.resolve(type, true)]));
  }

  /** Records the types of an expression and of all below it, and gives it back with its names resolved. */
  check(expression: Expression): Expression {
    switch (expression.kind) {
      case 'literal': return this.#done(expression, literalTypes[expression.literal.type]);
      case 'identifier': {
        const type = this.#variable(expression.name);
        if (type === undefined) this.#report(expression, `undeclared reference to '${expression.name}' (in container '')`);
        return this.#done({ ...expression, name: absolute(expression.name) }, type ?? errorType);
      }
      case 'select': return this.#select(expression);
      case 'call': return this.#call(expression);
      case 'list': return this.#list(expression);
      case 'map': return this.#map(expression);
      case 'struct': return this.#struct(expression);
      case 'comprehension': return this.#comprehension(expression);
    }
  }

  #report({ offset }: { readonly offset: number }, message: string): void {
    this.issues.push({ offset, message });
  }

  #done(expression: Expression, type: Type): Expression {
    if (type.size > mostTypes) {
      this.#report(expression, `type is made of more than ${mostTypes} types`);
      return this.#done(expression, errorType);
    }
    const before = this.#types.get(expression.id);
    if (before !== undefined && !isSame(before, type)) this.#report(expression, `incompatible type already exists for expression: ${expression.kind}(${expression.id}) old:${typeText(before)}, new:${typeText(type)}`);
    else this.#types.set(expression.id, type);
    return expression;
  }

  #typeOf({ id }: Expression): Type {
    return this.#types.get(id) ?? errorType;
  }

  #variable(name: string): Type | undefined {
    const plain = absolute(name);
    for (let depth = this.#scopes.length - 1; depth >= 0; depth--) {
      const type = this.#scopes[depth]?.get(plain);
      if (type !== undefined) return type;
    }
    return this.#environment.variable(plain);
  }

  #function(name: string): FunctionDeclaration | undefined {
    return this.#environment.function(absolute(name));
  }

  #isAssignable(from: Type, to: Type): boolean {
    return this.#bindings.unify([from], [to]);
  }

  #select(expression: SelectExpression): Expression {
    const name = qualifiedName(expression);
    const variable = name === undefined ? undefined : this.#variable(name);
    if (name !== undefined && variable !== undefined) return this.#done({ kind: 'identifier', id: expression.id, offset: expression.offset, name: absolute(name) }, variable);
    const operand = this.check(expression.operand);
    const type = this.#fieldOf(expression, expression.operand, expression.field, false);
    return this.#done({ ...expression, operand }, this.#bindings.resolve(expression.isTest ? boolType : type));
  }

  /** The type of a field of an operand that is checked. */
  #fieldOf(at: Expression, operand: Expression, field: string, isOptional: boolean): Type {
    const [target, wasOptional] = unwrapOptional(this.#bindings.resolve(this.#typeOf(operand)));
    const type = this.#plainField(at, target, field);
    return wasOptional || isOptional ? optionalType(type) : type;
  }

  #plainField(at: Expression, target: Type, field: string): Type {
    switch (target.kind) {
      case 'map': return parameter(target, 1);
      case 'struct': return this.#structField(at, target.name, field) ?? errorType;
      case 'parameter':
        this.#isAssignable(dynType, target);
        return dynType;
      default:
        if (!isDynOrError(target)) this.#report(at, `type '${typeText(target)}' does not support field selection`);
        return dynType;
    }
  }

  #structField(at: { readonly offset: number }, typeName: string, field: string): Type | undefined {
    if (this.#environment.structType(typeName) === undefined) {
      this.#report(at, `unexpected failed resolution of '${typeName}'`);
      return undefined;
    }
    const type = this.#environment.fieldType(typeName, field);
    if (type === undefined) this.#report(at, `undefined field '${field}'`);
    return type;
  }

  #call(expression: CallExpression): Expression {
    if (expression.name === '_?._') return this.#optionalSelect(expression);
    const args = expression.args.map((arg) => this.check(arg));
    const { target } = expression;
    if (target === undefined) {
      const declaration = this.#function(expression.name);
      if (declaration === undefined) return this.#undeclared({ ...expression, args });
      return this.#resolve({ ...expression, name: declaration.name, args }, declaration, expression.args, undefined);
    }
    const prefix = qualifiedName(target);
    const namespaced = prefix === undefined ? undefined : this.#function(`${prefix}.${expression.name}`);
    if (namespaced !== undefined) {
      const { kind, id, offset } = expression;
      return this.#resolve({ kind, id, offset, name: namespaced.name, args }, namespaced, expression.args, undefined);
    }
    const checked = { ...expression, target: this.check(target), args };
    const declaration = this.#function(expression.name);
    return declaration === undefined ? this.#undeclared(checked) : this.#resolve(checked, declaration, expression.args, target);
  }

  #undeclared(expression: CallExpression): Expression {
    this.#report(expression, `undeclared reference to '${expression.name}' (in container '')`);
    return this.#done(expression, errorType);
  }

  #optionalSelect(expression: CallExpression): Expression {
    const [operand, field] = expression.args;
    if (operand === undefined || field === undefined || expression.args.length !== 2 || expression.target !== undefined) {
      this.#report(expression, `unsupported optional field selection: incorrect signature.${expression.target === undefined ? '' : ' member call with'} argument count: ${expression.args.length}`);
      return expression;
    }
    if (field.kind !== 'literal' || field.literal.type !== 'string') {
      this.#report(field, 'unsupported optional field selection');
      return expression;
    }
    const checked = this.check(operand);
    const type = this.#fieldOf(expression, operand, field.literal.value, true);
    this.overloads.set(expression.id, ['select_optional_field']);
    return this.#done({ ...expression, args: [checked, field] }, this.#bindings.resolve(type));
  }

  /** Finds the overloads that a call's arguments fit, and with them its type. */
  #resolve(expression: CallExpression, declaration: FunctionDeclaration, args: readonly Expression[], target: Expression | undefined): Expression {
    const types = [...(target === undefined ? [] : [target]), ...args].map((arg) => this.#typeOf(arg));
    if (declaration.name === '_&&_' || declaration.name === '_||_') return this.#logical(expression, declaration, args, types);
    const ids: string[] = [];
    let result: Type | undefined;
    for (const overload of declaration.overloads) {
      if (overload.isMember !== (target !== undefined)) continue;
      const type = this.#resultOf(overload, types);
      if (type === undefined) continue;
      ids.push(overload.id);
      if (result === undefined) result = type;
      else if (!isDyn(result) && !isSame(type, result)) result = dynType;
    }
    if (result === undefined) {
      const shown = types.map((type) => this.#bindings.resolve(type, true));
      this.#report(expression, `found no matching overload for '${declaration.name}' applied to '${signatureText(shown, target !== undefined)}'`);
      return this.#done(expression, errorType);
    }
    this.overloads.set(expression.id, ids);
    return this.#done(expression, result);
  }

  /** What the overload gives where it fits. */
  #resultOf({ args, result, open }: Overload, types: readonly Type[]): Type | undefined {
    const bindings = this.#bindings;
    if (open.length === 0) return bindings.unify(types, args) ? bindings.resolve(result) : undefined;
    const fresh = new Map(open.map((name) => [name, bindings.fresh()]));
    return bindings.unify(types, args.map((type) => replaced(type, fresh))) ? bindings.resolve(replaced(result, fresh)) : undefined;
  }

  #logical(expression: CallExpression, declaration: FunctionDeclaration, args: readonly Expression[], types: readonly Type[]): Expression {
    const before = this.issues.length;
    args.forEach((arg, index) => {
      const type = types[index] ?? errorType;
      if (!this.#isAssignable(type, boolType)) this.#mismatch(arg, boolType, type);
    });
    if (this.issues.length > before) return this.#done(expression, errorType);
    this.overloads.set(expression.id, declaration.overloads.map(({ id }) => id));
    return this.#done(expression, boolType);
  }

  #mismatch(at: { readonly offset: number }, expected: Type, actual: Type): void {
    this.#report(at, `expected type '${typeText(expected)}' but found '${typeText(actual)}'`);
  }

  /** A value's type, out of its optional where the value stands with a question mark. */
  #elementType(value: Expression, isOptional: boolean): Type {
    const type = this.#typeOf(value);
    if (!isOptional) return type;
    const [inner, wasOptional] = unwrapOptional(type);
    if (!wasOptional && !isDyn(inner)) this.#mismatch(value, optionalType(inner), inner);
    return inner;
  }

  #joined(before: Type | undefined, type: Type): Type {
    if (before === undefined) return type;
    return this.#isAssignable(before, type) ? mostGeneral(before, type) : dynType;
  }

  #list(expression: ListExpression): Expression {
    let element: Type | undefined;
    const elements = expression.elements.map((value, index) => {
      const checked = this.check(value);
      element = this.#joined(element, this.#elementType(value, expression.optionalIndices.includes(index)));
      return checked;
    });
    return this.#done({ ...expression, elements }, listType(element ?? this.#bindings.fresh()));
  }

  #map(expression: MapExpression): Expression {
    let [keyType, valueType]: [Type?, Type?] = [];
    const entries = expression.entries.map((entry) => {
      const key = this.check(entry.key);
      keyType = this.#joined(keyType, this.#typeOf(entry.key));
      const value = this.check(entry.value);
      valueType = this.#joined(valueType, this.#elementType(entry.value, entry.isOptional));
      return { ...entry, key, value };
    });
    return this.#done({ ...expression, entries }, mapType(keyType ?? this.#bindings.fresh(), valueType ?? this.#bindings.fresh()));
  }

  #struct(expression: StructExpression): Expression {
    const variable = this.#variable(expression.typeName);
    if (variable === undefined) {
      this.#report(expression, `undeclared reference to '${expression.typeName}' (in container '')`);
      return this.#done(expression, errorType);
    }
    const [type, typeName] = this.#messageType(expression, variable);
    this.#done(expression, type);
    const fields = expression.fields.map((field) => {
      const value = this.check(field.value);
      const declared = this.#structField(field, typeName, field.name) ?? errorType;
      const given = this.#elementType(field.value, field.isOptional);
      if (!this.#isAssignable(declared, given)) this.#report(field, `expected type of field '${field.name}' is '${typeText(declared)}' but provided type is '${typeText(given)}'`);
      return { ...field, value };
    });
    return { ...expression, typeName: absolute(expression.typeName), fields };
  }

  /** What a literal of a message makes, and the name that its fields are looked up by. */
  #messageType(expression: StructExpression, variable: Type): readonly [Type, string] {
    const name = absolute(expression.typeName);
    if (variable.kind === 'error') return [errorType, name];
    if (variable.kind !== 'type') {
      this.#report(expression, `'${declaredName(variable)}' is not a type`);
      return [errorType, name];
    }
    const type = parameter(variable, 0);
    const message = messageName(type);
    if (message !== undefined) return [type, message];
    if (type.kind === 'struct') return [type, declaredName(type)];
    this.#report(expression, `'${declaredName(type)}' is not a message type`);
    return [errorType, name];
  }

  #comprehension(expression: ComprehensionExpression): Expression {
    const range = this.check(expression.range);
    const initial = this.check(expression.initial);
    const accumulatorType = this.#typeOf(expression.initial);
    const [first, second] = this.#loopTypes(expression, this.#bindings.resolve(this.#typeOf(expression.range)));
    this.#scopes.push(new Map([[expression.accumulator, accumulatorType]]));
    const variables = new Map([[expression.variable, first]]);
    if (expression.secondVariable !== undefined && expression.secondVariable !== expression.variable) variables.set(expression.secondVariable, second);
    this.#scopes.push(variables);
    const condition = this.check(expression.condition);
    this.#expect(expression.condition, boolType);
    const step = this.check(expression.step);
    this.#expect(expression.step, accumulatorType);
    this.#scopes.pop();
    const result = this.check(expression.result);
    this.#scopes.pop();
    return this.#done({ ...expression, range, initial, condition, step, result }, this.#bindings.resolve(this.#typeOf(expression.result)));
  }

  /** The types of a loop's variables, by what it runs over. */
  #loopTypes({ range: at, secondVariable }: ComprehensionExpression, range: Type): readonly [Type, Type] {
    switch (range.kind) {
      case 'list': return secondVariable === undefined ? [parameter(range, 0), dynType] : [intType, parameter(range, 0)];
      case 'map': return [parameter(range, 0), parameter(range, 1)];
      case 'dyn': case 'error': case 'parameter':
        this.#isAssignable(dynType, range);
        return [dynType, dynType];
      default:
        this.#report(at, `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`);
        return [errorType, errorType];
    }
  }

  #expect(expression: Expression, type: Type): void {
    if (!this.#isAssignable(type, this.#typeOf(expression))) this.#mismatch(expression, type, this.#typeOf(expression));
  }
}

/** The type with its open parameters replaced. */
function replaced(type: Type, by: ReadonlyMap<string, Type>): Type {
  if (type.kind === 'parameter') return by.get(type.name) ?? type;
  return type.parameters.length === 0 ? type : withParameters(type, type.parameters.map((item) => replaced(item, by)));
}
