/** Where in a schema a rule stands: the type of its `self`, how often its values occur, and what all rules of a schema cost together. */
import type { DeclaredValue } from '@kaji/cel';
import { cel } from '../../expression-language.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { isEmbedded, isIntOrString } from './schema-parts.ts';

const largest = 2n ** 64n - 1n;
const unknownType = 'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';
/** Rules that cost less than a hundredth of the limit of all together are not told as causes; nor are more than four. */
const notableCost = 1_000_000n;
const mostNotable = 4;

/** What rules cost together. */
export class TotalCost {
  total = 0n;
  /** Paths of the most expensive rules, the first one first. */
  notable: readonly { readonly path: string; readonly cost: bigint }[] = [];

  observe(path: string, cost: bigint): void {
    this.total = this.total + cost > largest ? largest : this.total + cost;
    if (cost >= notableCost) this.notable = [...this.notable, { path, cost }].toSorted((left, right) => (left.cost < right.cost ? 1 : left.cost > right.cost ? -1 : 0)).slice(0, mostNotable);
  }
}

const product = (cost: bigint, count: bigint): bigint => (cost * count > largest ? largest : cost * count);

interface Around {
  /** Whether a value around it has rules. */
  readonly isRuled: boolean;
  readonly isRoot: boolean;
  readonly hiddenWhy: string | undefined;
  readonly count: bigint | undefined;
  readonly total: TotalCost;
}

export class ExpressionScope {
  readonly total: TotalCost;
  readonly #schema: JSONSchemaProps;
  readonly #isRoot: boolean;
  readonly #isRuled: boolean;
  /** Why expressions see nothing of it, whatever its schema says. */
  readonly #hiddenWhy: string | undefined;
  /** How often, at most, the value stands in one object; undefined where the schemas around it do not say. */
  readonly #count: bigint | undefined;
  #declared: DeclaredValue | string | undefined;

  private constructor(schema: JSONSchemaProps, { isRuled, isRoot, hiddenWhy, count, total }: Around) {
    this.#schema = schema;
    this.#isRoot = isRoot;
    this.#isRuled = isRuled || (schema['x-kubernetes-validations'] ?? []).length > 0;
    this.#hiddenWhy = hiddenWhy;
    this.#count = count;
    this.total = total;
  }

  static root(schema: JSONSchemaProps): ExpressionScope {
    return new ExpressionScope(schema, { isRuled: false, isRoot: true, hiddenWhy: undefined, count: 1n, total: new TotalCost() });
  }

  /** That of a property; or, with the type that is around them, of all items of a list or all values of a map. */
  child(schema: JSONSchemaProps, within?: 'array' | 'object'): ExpressionScope {
    const factor = mostElements(this.#schema);
    const count = this.#count === undefined || factor === undefined ? undefined : product(this.#count, factor);
    return new ExpressionScope(schema, { isRuled: this.#isRuled, isRoot: false, hiddenWhy: this.#hides(within), count, total: this.total });
  }

  /** What expressions see of the value, or why they see nothing of it. */
  declared(): DeclaredValue | string {
    return this.#declared ??= this.#hiddenWhy ?? cel.value.declareValue(this.#schema, this.#isRoot || isEmbedded(this.#schema)) ?? unknownType;
  }

  /** Kubernetes: below a value that has rules, types are known as parts of that value's type, or not at all. */
  #hides(within: 'array' | 'object' | undefined): string | undefined {
    if (!this.#isRuled) return undefined;
    const own = this.declared();
    if (typeof own === 'string') return own;
    return within === undefined || (this.#schema.type === within && !isIntOrString(this.#schema)) ? undefined : 'failed to convert to declType for CEL validation rules';
  }

  /** What an expression costs that is evaluated once for each value. */
  costOf(cost: bigint, declared: DeclaredValue): bigint {
    return product(cost, this.#count ?? cel.value.mostOccurrences(declared));
  }
}

/** How many values may stand in one of the schema; undefined where there is no limit. */
function mostElements({ type, additionalProperties, maxProperties, maxItems }: JSONSchemaProps): bigint | undefined {
  const limit = type === 'array' ? maxItems : type === 'object' && additionalProperties !== undefined ? maxProperties : 1;
  return limit === undefined ? undefined : limit < 0 ? 0n : BigInt(limit);
}
