/**
 * Makes an expression of a syntax tree: ids in upstream's order, chains of `&&` and `||` balanced, macros expanded.
 * Trees of texts with errors are walked as well, since that finds more of them: holes give nodes without meaning, and
 * all that is missing is passed over.
 */
import type { Expression, Literal, MapEntry, StructField } from './expression.ts';
import type { ExpressionMaker } from './expression-maker.ts';
import { parseBytes, parseDouble, parseInt64, parseString, parseUint64, type StringError } from './literals.ts';
import { MacroMaker, macroKey, type MacroTable } from './macros.ts';
import { ParsingStopped } from './parsing-stopped.ts';
import type { Node } from './syntax-tree.ts';
import type { Token } from './tokens.ts';

/** Words that no variable and no function may have as its name: kept for languages that CEL is embedded in. */
const reserved: ReadonlySet<string> = new Set([
  'as', 'break', 'const', 'continue', 'else', 'false', 'for', 'function', 'if', 'import', 'in', 'let', 'loop', 'package', 'namespace', 'null', 'return', 'true', 'var', 'void', 'while',
]);

const binary: Readonly<Record<string, string>> = {
  '+': '_+_', '-': '_-_', '*': '_*_', '/': '_/_', '%': '_%_', '==': '_==_', '!=': '_!=_', '<': '_<_', '<=': '_<=_', '>': '_>_', '>=': '_>=_', in: '@in',
};

/** How deep operators, calls and selections may nest. */
const maximumDepth = 250;

/** Nodes that only pass on what is in them, and the part that it is. */
function inside(node: Node): Node | undefined | 'nothing' {
  switch (node.name) {
    case 'expr': return node.token('operator') === undefined ? node.node('first') : 'nothing';
    case 'conditionalOr':
    case 'conditionalAnd': return node.token('operators') === undefined ? node.node('first') : 'nothing';
    case 'relation':
    case 'calc': return node.token('operator') === undefined ? node.node('operand') : 'nothing';
    case 'MemberExpr': return node.node('member');
    case 'PrimaryExpr': return node.node('primary');
    case 'Nested': return node.node('inner');
    case 'ConstantLiteral': return node.node('literal');
    default: return 'nothing';
  }
}

export class TreeReader {
  readonly #make: ExpressionMaker;
  readonly #macros: MacroTable;
  readonly #onError: (offset: number | undefined, message: string) => void;
  #depth = 0;

  constructor(make: ExpressionMaker, macros: MacroTable, onError: (offset: number | undefined, message: string) => void) {
    this.#make = make;
    this.#macros = macros;
    this.#onError = onError;
  }

  read(tree: Node | undefined): Expression {
    let node = tree;
    for (let next: ReturnType<typeof inside>; node !== undefined && (next = inside(node)) !== 'nothing'; ) node = next;
    // What is missing was reported when it was missed.
    if (node === undefined) return this.#make.hole(this.#make.id(-1));
    switch (node.name) {
      case 'expr':
      case 'relation':
      case 'calc':
      case 'Select':
      case 'MemberCall':
      case 'Index': return this.#deeper(node);
      case 'conditionalOr': return this.#chain(node, '||');
      case 'conditionalAnd': return this.#chain(node, '&&');
      case 'LogicalNot': return this.#unary(node, '!_');
      case 'Negate': return this.#unary(node, '-_');
      case 'unary': return this.#make.literal(this.#idOf(node), { type: 'string', value: '<<error>>' });
      case 'Ident':
      case 'GlobalCall': return this.#named(node);
      case 'CreateList': return this.#list(node);
      case 'CreateStruct': return this.#map(node);
      case 'CreateMessage': return this.#struct(node);
      default: return this.#literal(node);
    }
  }

  #deeper(node: Node): Expression {
    if (++this.#depth > maximumDepth) throw new ParsingStopped('max recursion depth exceeded');
    const expression = this.#operation(node);
    this.#depth--;
    return expression;
  }

  #operation(node: Node): Expression {
    switch (node.name) {
      case 'expr': return this.#conditional(node);
      case 'Select': return this.#select(node);
      case 'MemberCall': return this.#memberCall(node);
      case 'Index': return this.#index(node);
      default: return this.#binary(node);
    }
  }

  #conditional(node: Node): Expression {
    const condition = this.read(node.node('first'));
    const id = this.#idOf(node.token('operator'));
    return this.#call(id, '_?_:_', [condition, this.read(node.node('then')), this.read(node.node('otherwise'))]);
  }

  #binary(node: Node): Expression {
    const operator = node.token('operator');
    const name = operator === undefined ? undefined : binary[operator.text];
    if (name === undefined) return this.#fail(node.start.offset, 'operator not found');
    const left = this.read(node.node('left'));
    const id = this.#idOf(operator);
    return this.#call(id, name, [left, this.read(node.node('right'))]);
  }

  /** `a && b && c && d`: a tree as flat as can be, its operators in the order of the text. */
  #chain(node: Node, operator: '||' | '&&'): Expression {
    const name = operator === '||' ? '_||_' : '_&&_';
    const terms = [this.read(node.node('first'))];
    const ids: number[] = [];
    const rest = node.nodes('rest');
    for (const [index, token] of node.tokens('operators').entries()) {
      const term = rest[index];
      if (term === undefined) return this.#fail(node.start.offset, `unexpected character, wanted '${operator}'`);
      terms.push(this.read(term));
      ids.push(this.#idOf(token));
    }
    const hole = (): Expression => this.#make.hole(-1);
    const balance = (low: number, high: number): Expression => {
      if (low > high) return terms[low] ?? hole();
      const middle = (low + high + 1) >> 1;
      const left = balance(low, middle - 1);
      return this.#make.call(ids[middle] ?? -1, name, [left, balance(middle + 1, high)]);
    };
    return balance(0, ids.length - 1);
  }

  /** An even number of signs is none. */
  #unary(node: Node, name: string): Expression {
    const signs = node.tokens('operators');
    if (signs.length % 2 === 0) return this.read(node.node('member'));
    const id = this.#idOf(signs[0]);
    return this.#call(id, name, [this.read(node.node('member'))]);
  }

  #select(node: Node): Expression {
    const operand = this.read(node.node('left'));
    const name = node.node('name');
    const operator = node.token('operator');
    if (name === undefined || operator === undefined) return this.#make.hole(this.#idOf(node));
    const field = this.#fieldName(name, name.start.offset);
    if (node.token('optional') === undefined) return this.#make.select(this.#idOf(operator), operand, { field: field ?? '', isTest: false });
    const value = this.#make.literal(this.#idOf(name), { type: 'string', value: field ?? '' });
    return this.#make.call(this.#idOf(operator), '_?._', [operand, value]);
  }

  /** The name of a field; undefined (and reported) where it is missing or quoted. */
  #fieldName(node: Node | undefined, offset: number): string | undefined {
    const name = node?.token('name');
    if (node?.name === 'SimpleIdentifier') return name?.text ?? '';
    // Kubernetes: quoted names of fields are left off in all versions' environments.
    this.#fail(offset, node?.name === 'EscapedIdentifier' ? "unsupported syntax: '`'" : 'unsupported ident kind');
    return undefined;
  }

  #memberCall(node: Node): Expression {
    const target = this.read(node.node('left'));
    const name = node.token('name');
    if (name === undefined) return this.#make.hole(this.#idOf(node));
    const id = this.#idOf(node.token('open'));
    return this.#call(id, name.text, this.#args(node), target);
  }

  #args(node: Node): readonly Expression[] {
    return node.node('args')?.nodes('items').map((item) => this.read(item)) ?? [];
  }

  #index(node: Node): Expression {
    const target = this.read(node.node('left'));
    const operator = node.token('operator');
    if (operator === undefined) return this.#make.hole(this.#idOf(node));
    const id = this.#idOf(operator);
    const index = this.read(node.node('index'));
    return this.#call(id, node.token('optional') === undefined ? '_[_]' : '_[?_]', [target, index]);
  }

  /** A variable, or a function called by its name. */
  #named(node: Node): Expression {
    const name = node.token('name');
    if (name === undefined) return this.#make.hole(this.#idOf(node));
    if (reserved.has(name.text)) return this.#fail(node.start.offset, `reserved identifier: ${name.text}`);
    const full = `${node.token('leadingDot') === undefined ? '' : '.'}${name.text}`;
    if (node.name === 'Ident') return this.#make.identifier(this.#idOf(name), full);
    const id = this.#idOf(node.token('open'));
    return this.#call(id, full, this.#args(node));
  }

  #list(node: Node): Expression {
    const id = this.#idOf(node.token('open'));
    const items = node.node('items')?.nodes('items') ?? [];
    const elements = items.map((item) => this.read(item.node('expr')));
    return this.#make.list(id, elements, items.flatMap((item, index) => (item.token('optional') === undefined ? [] : [index])));
  }

  #map(node: Node): Expression {
    const id = this.#idOf(node.token('open'));
    const list = node.node('entries');
    const keys = list?.nodes('keys') ?? [];
    const values = list?.nodes('values') ?? [];
    const entries: MapEntry[] = [];
    for (const [index, colon] of (list?.tokens('colons') ?? []).entries()) {
      const entryId = this.#idOf(colon);
      const key = keys[index];
      const value = values[index];
      if (key === undefined || value === undefined) return this.#make.map(id, []);
      const keyExpression = this.read(key.node('expr'));
      entries.push(this.#make.entry(entryId, { key: keyExpression, value: this.read(value), isOptional: key.token('optional') !== undefined }));
    }
    return this.#make.map(id, entries);
  }

  #struct(node: Node): Expression {
    const names = node.tokens('names').map(({ text }) => text);
    const typeName = `${node.token('leadingDot') === undefined ? '' : '.'}${names.join('.')}`;
    const id = this.#idOf(node.token('open'));
    return this.#make.struct(id, typeName, this.#fields(node.node('entries')));
  }

  #fields(list: Node | undefined): readonly StructField[] {
    const colons = list?.tokens('colons') ?? [];
    const values = list?.nodes('values') ?? [];
    const fields: StructField[] = [];
    for (const [index, field] of (list?.nodes('fields') ?? []).entries()) {
      const colon = colons[index];
      const value = values[index];
      if (list === undefined || colon === undefined || value === undefined) return [];
      const id = this.#idOf(colon);
      const name = this.#fieldName(field.node('name'), list.start.offset);
      if (name !== undefined) fields.push(this.#make.field(id, { name, value: this.read(value), isOptional: field.token('optional') !== undefined }));
    }
    return fields;
  }

  #literal(node: Node): Expression {
    const word = node.token('word')?.text;
    // A rule that ended before it was clear what it is: reported when it did.
    if (word === undefined) return this.#make.hole(this.#make.id(-1));
    const sign = node.token('sign')?.text ?? '';
    switch (node.name) {
      case 'Int': return this.#number(node, { type: 'int', value: parseInt64(sign, word) });
      case 'Uint': return this.#number(node, { type: 'uint', value: parseUint64(word) });
      case 'Double': return this.#number(node, { type: 'double', value: parseDouble(sign + word) });
      case 'String': return this.#quoted(node, parseString(word), (value) => ({ type: 'string', value }));
      case 'Bytes': return this.#quoted(node, parseBytes(word.slice(1)), (value) => ({ type: 'bytes', value }));
      case 'Null': return this.#make.literal(this.#idOf(node), { type: 'null' });
      default: return this.#make.literal(this.#idOf(node), { type: 'bool', value: node.name === 'BoolTrue' });
    }
  }

  #number(node: Node, number: { readonly type: 'int' | 'uint'; readonly value: bigint | undefined } | { readonly type: 'double'; readonly value: number | undefined }): Expression {
    if (number.value === undefined) return this.#fail(node.start.offset, `invalid ${number.type} literal`);
    return this.#make.literal(this.#idOf(node), number.type === 'double' ? { type: 'double', value: number.value } : { type: number.type, value: number.value });
  }

  #quoted<Value extends string | Uint8Array>(node: Node, value: Value | StringError, literal: (value: Value) => Literal): Expression {
    if (typeof value === 'string' || value instanceof Uint8Array) return this.#make.literal(this.#idOf(node), literal(value));
    this.#fail(node.start.offset, value.error);
    return this.#make.hole(this.#idOf(node));
  }

  /** A call, or what the macro makes of it that has its name. */
  #call(id: number, name: string, args: readonly Expression[], target?: Expression): Expression {
    const macro = this.#macros.get(macroKey(name, args.length, target !== undefined));
    if (macro === undefined) return this.#make.call(id, name, args, target);
    const made = macro.expand(new MacroMaker(this.#make, id), target === undefined ? { args } : { target, args });
    if (made === undefined) return this.#make.call(id, name, args, target);
    if ('about' in made) {
      const offset = this.#make.offsetOf(made.about.id);
      this.#make.forget(id);
      return this.#fail(offset, made.message);
    }
    this.#make.forget(id);
    return made;
  }

  /** A new id at a node or word; none (-1) for a word that is missing. */
  #idOf(place: Node | Token | undefined): number {
    return this.#make.id(place === undefined ? undefined : 'start' in place ? place.start.offset : place.offset);
  }

  /** Reports an error, and answers what stands in the expression's place. */
  #fail(offset: number | undefined, message: string): Expression {
    const hole = this.#make.hole(this.#make.id(offset ?? -1));
    this.#onError(offset, message);
    return hole;
  }
}
