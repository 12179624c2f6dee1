/**
 * What is known before an expression runs. Upstream works conversions of literals out when it makes a program of an expression, and refuses the
 * expression if that fails; so do we. The first failure is told, in the order of evaluation.
 */
import type { Checked } from './check.ts';
import { convert, failed, runtimeName, type Constant, type Failure } from './conversions.ts';
import type { Environment } from './environment.ts';
import type { CallExpression, Expression } from './expression.ts';
import { patternProblem } from './pattern.ts';
import { dynType } from './type.ts';

/** Why no program can be made of a checked expression; undefined of good ones. */
export function programProblem(checked: Checked, environment: Environment): string | undefined {
  const known = new Folder(checked, environment).fold(checked.expression);
  return known !== undefined && 'failure' in known ? known.failure : undefined;
}

const conversions: ReadonlySet<string> = new Set(['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint']);
const patternFunctions: ReadonlySet<string> = new Set(['matches', 'find', 'findAll']);
const indexFunctions: ReadonlySet<string> = new Set(['_[_]', '_[?_]']);

/** What a value of a kind that nothing can be looked up by is called by upstream. */
const unfit: Readonly<Partial<Record<Constant['type'], string>>> = {
  list: '*types.baseList', map: '*types.baseMap', null: 'types.Null', bytes: 'types.Bytes', type: '*types.Type', timestamp: 'types.Timestamp', duration: 'types.Duration',
};

class Folder {
  readonly #checked: Checked;
  readonly #environment: Environment;

  constructor(checked: Checked, environment: Environment) {
    this.#checked = checked;
    this.#environment = environment;
  }

  /** The value of an expression if it has one already, or the failure of some part of it. */
  fold(expression: Expression): Constant | Failure | undefined {
    switch (expression.kind) {
      case 'literal': return expression.literal;
      case 'identifier': return this.#identifier(expression.name, expression.id);
      case 'list': return this.#all(expression.elements, { type: 'list' }, expression.optionalIndices.length > 0);
      case 'map': return this.#all(expression.entries.flatMap(({ key, value }) => [key, value]), { type: 'map' }, expression.entries.some(({ isOptional }) => isOptional));
      case 'call': return this.#call(expression);
      case 'select': return this.#all([expression.operand], undefined, true);
      case 'struct': return this.#all(expression.fields.map(({ value }) => value), undefined, true);
      case 'comprehension': return this.#all([expression.initial, expression.range, expression.condition, expression.step, expression.result], undefined, true);
    }
  }

  #identifier(name: string, id: number): Constant | Failure | undefined {
    const constant = this.#environment.constant(name);
    if (constant !== undefined) return { type: 'int', value: constant };
    if ((this.#checked.types.get(id) ?? dynType).kind !== 'type') return undefined;
    const runtime = this.#environment.runtimeType(name);
    return runtime === undefined ? failed(`reference to undefined type: ${name}`) : { type: 'type', name: runtime };
  }

  /** `whole` if every part is known; the first part that fails. */
  #all(parts: readonly Expression[], whole: Constant | undefined, isOpen: boolean): Constant | Failure | undefined {
    let areKnown = !isOpen;
    for (const part of parts) {
      const known = this.fold(part);
      if (known === undefined) areKnown = false;
      else if ('failure' in known) return known;
    }
    return areKnown ? whole : undefined;
  }

  #call({ name, target, args: given, id }: CallExpression): Constant | Failure | undefined {
    if (name === '_?._') return this.#all(given.slice(0, 1), undefined, true);
    const args: (Constant | undefined)[] = [];
    for (const arg of target === undefined ? given : [target, ...given]) {
      const known = this.fold(arg);
      if (known !== undefined && 'failure' in known) return known;
      args.push(known);
    }
    const [first, second] = args;
    if (conversions.has(name) && args.length === 1 && first !== undefined) return this.#convert(name, first, id);
    if (patternFunctions.has(name) && second?.type === 'string') {
      const problem = patternProblem(second.value);
      if (problem !== undefined) return failed(problem);
    }
    const misfit = indexFunctions.has(name) && second !== undefined ? unfit[second.type] : undefined;
    return misfit === undefined ? undefined : failed(`invalid qualifier type: ${misfit}`);
  }

  #convert(name: string, value: Constant, id: number): Constant | Failure | undefined {
    const given = runtimeName(value);
    switch (name) {
      case 'dyn': return value;
      case 'type': return { type: 'type', name: given };
      case 'bool': case 'bytes': case 'double': case 'duration': case 'int': case 'string': case 'timestamp': case 'uint': {
        // A call that may be several overloads finds its own only now.
        const isChosen = this.#checked.overloads.get(id)?.length === 1;
        const takes = this.#environment.function(name)?.overloads.some(({ args }) => args[0]?.name === given);
        return isChosen || takes === true ? convert(value, name) : failed(`no such overload: ${name}(${given})`);
      }
      default: return undefined;
    }
  }
}
