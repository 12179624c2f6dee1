/** Which types fit which: assignability with parameters that get bound on the way. */
import { accepts, dynType, isDyn, isDynOrError, isSame, nullType, parameter, parameterType, withParameters, type Type } from './type.ts';

/** What the parameters of types stand for so far. An attempt that fails leaves no trace. */
export class Bindings {
  readonly #types = new Map<string, Type>();
  /** What each binding made was before, for taking it back. */
  readonly #trail: (readonly [string, Type | undefined])[] = [];
  #fresh = 0;

  /** A parameter that nothing is known about. */
  fresh(): Type {
    return parameterType(`_var${this.#fresh++}`);
  }

  /** Whether values of each of `from` may stand where those of `to` are declared; binds parameters if so. */
  unify(from: readonly Type[], to: readonly Type[]): boolean {
    const mark = this.#trail.length;
    if (this.#areAssignable(from, to)) return true;
    while (this.#trail.length > mark) {
      const [name, before] = this.#trail.pop() ?? ['', undefined];
      if (before === undefined) this.#types.delete(name);
      else this.#types.set(name, before);
    }
    return false;
  }

  /** The type with its bound parameters replaced, and the others by `dyn` where that is asked for. */
  resolve(type: Type, isFinal = false): Type {
    const bound = this.#find(type);
    if (bound !== undefined) return this.resolve(bound, isFinal);
    if (type.kind === 'parameter') return isFinal ? dynType : type;
    if (type.parameters.length === 0) return type;
    return withParameters(type, type.parameters.map((item) => this.resolve(item, isFinal)));
  }

  #find(type: Type): Type | undefined {
    return type.kind === 'parameter' ? this.#types.get(type.name) : undefined;
  }

  #bind(to: Type, type: Type): void {
    this.#trail.push([to.name, this.#types.get(to.name)]);
    this.#types.set(to.name, type);
  }

  #areAssignable(from: readonly Type[], to: readonly Type[]): boolean {
    return from.length === to.length && from.every((type, index) => this.#isAssignable(type, to[index] ?? dynType));
  }

  #isAssignable(from: Type, to: Type): boolean {
    if (to.kind === 'parameter') {
      const fit = this.#substitute(from, to);
      if (fit !== 'unfit') return fit === 'fit';
    }
    if (from.kind === 'parameter') return this.#substitute(to, from) === 'fit';
    if (isDynOrError(from) || isDynOrError(to)) return true;
    if (from.kind === 'null') return takesNull(to);
    if (to.kind === 'null') return takesNull(from);
    switch (from.kind) {
      case 'type': return to.kind === 'type';
      case 'opaque': case 'list': case 'map': return from.kind === to.kind && from.name === to.name && this.#areAssignable(from.parameters, to.parameters);
      default: return accepts(to, from);
    }
  }

  /** Whether the parameter `to` may stand for `type`: `clash` where it stands for another already, `unfit` where it would hold itself. */
  #substitute(type: Type, to: Type): 'fit' | 'clash' | 'unfit' {
    if (isSame(type, to)) return 'fit';
    const bound = this.#find(to);
    if (bound !== undefined) {
      if (isSame(type, bound)) return 'fit';
      if (!this.#isAssignable(type, bound)) return 'clash';
      const general = mostGeneral(type, bound);
      if (!this.#occursIn(to, general)) this.#bind(to, general);
      return 'fit';
    }
    if (this.#occursIn(to, type)) return 'unfit';
    this.#bind(to, type);
    return 'fit';
  }

  #occursIn(wanted: Type, type: Type): boolean {
    if (isSame(wanted, type)) return true;
    if (type.kind === 'parameter') {
      const bound = this.#find(type);
      return bound !== undefined && this.#occursIn(wanted, bound);
    }
    return type.parameters.some((item) => this.#occursIn(wanted, item));
  }
}

function takesNull(type: Type): boolean {
  switch (type.kind) {
    case 'opaque': case 'struct': case 'any': case 'duration': case 'timestamp': return true;
    default: return accepts(type, nullType);
  }
}

/** The less specific one of two types that are known to fit. */
export const mostGeneral = (one: Type, other: Type): Type => (isLessSpecific(one, other) ? one : other);

function isLessSpecific(one: Type, other: Type): boolean {
  if (isDyn(one) || one.kind === 'parameter') return true;
  if (isDyn(other) || other.kind === 'parameter' || one.kind !== other.kind) return false;
  switch (one.kind) {
    case 'opaque': return one.name === other.name && one.parameters.length === other.parameters.length && one.parameters.every((type, index) => isLessSpecific(type, parameter(other, index)));
    case 'list': case 'map': return one.parameters.every((type, index) => isLessSpecific(type, parameter(other, index)));
    case 'type': return true;
    default: return isSame(one, other);
  }
}
