/** Where in a schema a rule stands: the type of its `self`, how often its values occur, and what all rules of a schema cost together. */
import type { DeclaredValue } from '@kaji/cel';
import { cel } from '../../expression-language.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { isEmbedded } from './schema-parts.ts';

const largest = 2n ** 64n - 1n;
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

export class ExpressionScope {
  readonly total: TotalCost;
  readonly #schema: JSONSchemaProps;
  readonly #isRoot: boolean;
  /** How often, at most, the value stands in one object; undefined where the schemas around it do not say. */
  readonly #count: bigint | undefined;

  private constructor(schema: JSONSchemaProps, isRoot: boolean, count: bigint | undefined, total: TotalCost) {
    this.#schema = schema;
    this.#isRoot = isRoot;
    this.#count = count;
    this.total = total;
  }

  static root(schema: JSONSchemaProps): ExpressionScope {
    return new ExpressionScope(schema, true, 1n, new TotalCost());
  }

  child(schema: JSONSchemaProps): ExpressionScope {
    const factor = mostElements(this.#schema);
    return new ExpressionScope(schema, false, this.#count === undefined || factor === undefined ? undefined : product(this.#count, factor), this.total);
  }

  /** What expressions see of the value; undefined where they see nothing of it. */
  declared(): DeclaredValue | undefined {
    return cel.value.declareValue(this.#schema, this.#isRoot || isEmbedded(this.#schema));
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
