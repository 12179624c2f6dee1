/** What calls cost when they are made, by the sizes of their arguments. Costs are upstream's, because limits are told in them. */
import { FormatValue } from './named-formats.ts';
import { isAdded, isMap, ListValue, Optional, sizeOfValue, type Value } from './value.ts';

const traversal = 0.1;
const patternFactor = 0.25;
const listCost = 10;

const scaled = (size: number, factor = traversal): number => Math.ceil(size * factor);
const patternCost = (text: number, pattern: number): number => scaled(1 + text) * scaled(pattern, patternFactor);

/** Whether a call costs by what it gives. What others cost is known, and can be too much, before they run. */
export const costsByResult = (name: string, overload: string): boolean => name === 'join' || overload === 'list_slice' || overload === 'lists_range' || overload === 'list_reverse';

/** `result` is there where the call costs by it. */
export function callCost(name: string, overload: string, args: readonly Value[], result: Value = null): number {
  return listExtensionCost(overload, args, result) ?? libraryCost(name, args, result) ?? addressCost(name, overload, args) ?? standardCost(overload, args);
}

const sizeAt = (args: readonly Value[], index: number): number => sizeOfValue(args[index] ?? null);

/** Here an optional counts for what it is. */
const plainSizeAt = (args: readonly Value[], index: number): number => (args[index] instanceof Optional ? 1 : sizeAt(args, index));

/** Of the language's own extensions. What makes a list costs a list, too. */
function listExtensionCost(overload: string, args: readonly Value[], result: Value): number | undefined {
  const allocating = (factor: number, size: number): number => Math.trunc(size * factor) + 1 + listCost;
  switch (overload) {
    case 'list_sets_contains_list': case 'list_sets_intersects_list': return 1 + plainSizeAt(args, 0) * plainSizeAt(args, 1);
    case 'list_sets_equivalent_list': return 1 + plainSizeAt(args, 0) * plainSizeAt(args, 1) * 2;
    case 'list_slice': case 'lists_range': case 'list_reverse': return allocating(1, sizeOfValue(result));
    case 'list_flatten': case 'list_flatten_int': return allocating(args.length === 2 ? Number(args[1]) : 1, plainSizeAt(args, 0));
    case 'list_distinct': return selfComparison(args[0], allocating);
    default: {
      const sorted = /^list_.+_sort(ByAssociatedKeys)?$/.exec(overload);
      return sorted === null ? undefined : selfComparison(sorted[1] === undefined ? args[0] : args[1], allocating);
    }
  }
}

function selfComparison(list: Value | undefined, allocating: (factor: number, size: number) => number): number {
  if (!(list instanceof ListValue) || list.size === 0) return allocating(2, 0);
  const first = list.at(0);
  return allocating(typeof first === 'string' || first instanceof Uint8Array ? 2 + traversal : 2, list.size * list.size);
}

/** What has no more to do than to look. */
const nominal: ReadonlySet<string> = new Set([
  'sign', 'asInteger', 'isInteger', 'asApproximateFloat', 'isGreaterThan', 'isLessThan', 'compareTo', 'add', 'sub', 'major', 'minor', 'patch', 'format.named',
  'getScheme', 'getHostname', 'getHost', 'getPort', 'getEscapedPath', 'getQuery',
  'masked', 'prefixLength', 'family', 'isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast',
]);

function libraryCost(name: string, args: readonly Value[], result: Value): number | undefined {
  if (nominal.has(name)) return 1;
  switch (name) {
    case 'isSorted': case 'sum': case 'max': case 'min': case 'indexOf': case 'lastIndexOf': return traversalCost(args[0] ?? null);
    case 'url': case 'lowerAscii': case 'upperAscii': case 'substring': case 'trim': case 'quantity': case 'isQuantity': case 'semver': case 'isSemver': case 'jsonpatch.escapeKey': return scaled(sizeAt(args, 0));
    case 'replace': case 'split': return scaled(sizeAt(args, 0), 2 * traversal);
    case 'join': return scaled(sizeOfValue(result), 2 * traversal);
    case 'find': case 'findAll': return patternCost(sizeAt(args, 0), sizeAt(args, 1));
    case 'validate': return args[0] instanceof FormatValue ? patternCost(sizeAt(args, 1), args[0].patternLength) : undefined;
    case '_==_': return isAdded(args[0]) ? 1 : undefined;
    default: return undefined;
  }
}

function addressCost(name: string, overload: string, args: readonly Value[]): number | undefined {
  const [size, other] = [sizeAt(args, 0), sizeAt(args, 1)];
  switch (name) {
    case 'ip': return overload === 'cidr_ip' ? 1 : scaled(size);
    case 'cidr': case 'isIP': case 'isCIDR': return scaled(size);
    case 'ip.isCanonical': return scaled(size, 2 * traversal);
    case 'containsIP': return scaled(2 * size) + (overload === 'cidr_contains_ip_string' ? scaled(other) : 0);
    case 'containsCIDR': return scaled(2 * size) + scaled(size) + 1 + (overload === 'cidr_contains_cidr_string' ? scaled(other) : 0);
    default: return undefined;
  }
}

/** Of going through all that a value holds; texts count by their bytes here. */
function traversalCost(value: Value): number {
  if (typeof value === 'string') return Math.trunc(new TextEncoder().encode(value).length * traversal);
  if (value instanceof Uint8Array) return Math.trunc(value.length * traversal);
  if (value instanceof ListValue) return value.values().reduce((total: number, item) => total + traversalCost(item), 0);
  return isMap(value) ? value.keys().reduce((total: number, key) => total + traversalCost(key) + traversalCost(value.find(key) ?? null), 0) : 1;
}

function standardCost(overload: string, args: readonly Value[]): number {
  switch (overload) {
    case 'starts_with_string': case 'ends_with_string': case 'string_to_bytes': case 'bytes_to_string': case 'strings_quote': case 'string_format': return scaled(sizeAt(args, 0));
    case 'in_list': return sizeAt(args, 1);
    case 'add_string': case 'add_bytes': return scaled(sizeAt(args, 0) + sizeAt(args, 1));
    case 'matches_string': return patternCost(sizeAt(args, 0), sizeAt(args, 1));
    case 'contains_string': return scaled(sizeAt(args, 0)) * scaled(sizeAt(args, 1));
    case 'equals': case 'not_equals': return scaled(Math.min(sizeAt(args, 0), sizeAt(args, 1)));
    default: return /^(less|greater)(_equals)?_(string|bytes)$/.test(overload) ? scaled(Math.min(sizeAt(args, 0), sizeAt(args, 1))) : 1;
  }
}
