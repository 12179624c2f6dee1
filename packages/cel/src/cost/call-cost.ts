/** What calls of Kubernetes' functions and of the language's extensions may cost. The figures are part of the API: they decide which expressions are accepted. */
import { parameter, type Type } from '../type.ts';
import { exactly, most, nothing, one, plus, range, scaled, times, unknown, wrapped, type Range } from './range.ts';
import type { CallCost, CostedCall, Sized, SizeOf } from './sizes.ts';

/** Of each character that is gone through. */
export const traversal = 0.1;
/** Of each character of a pattern, for each of the text. */
export const patternFactor = 0.25;
/** Of making a list. */
export const listCost = exactly(10n);

/** Asks what is known of a size: what the expression tells, or what is declared. */
export function sizeOf({ size, path }: Sized, declared: SizeOf): Range {
  if (size !== undefined) return size;
  const max = path === undefined ? undefined : declared(path);
  return max === undefined ? unknown : range(0n, max);
}

const authorizations = new Set(['serviceAccount', 'path', 'group', 'resource', 'subresource', 'namespace', 'name', 'allowed', 'reason', 'error', 'errored']);
const accessors = new Set([
  'masked', 'prefixLength', 'family', 'isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast', 'format.named', 'sign', 'asInteger', 'isInteger',
  'asApproximateFloat', 'isGreaterThan', 'isLessThan', 'compareTo', 'add', 'sub', 'major', 'minor', 'patch', 'getScheme', 'getHostname', 'getHost', 'getPort', 'getEscapedPath', 'getQuery',
]);
const readers = new Set(['cidr', 'isIP', 'isCIDR', 'ip', 'quantity', 'isQuantity', 'semver', 'isSemver']);
const authorizationCheck = exactly(350_000n);
/** An address has 4 or 16 bytes. */
const address = range(4n, 16n);
/** The longest pattern and the longest name of the formats that have names. */
const longestFormatPattern = 128;
const longestFormat = 64n;

/** The cost of a call of such a function; undefined of others. */
export function libraryCost(call: CostedCall, declared: SizeOf): CallCost | undefined {
  const { name, overload, target, args } = call;
  const [first, second] = args;
  const size = (value: Sized): Range => sizeOf(value, declared);
  if (name === 'check') return { cost: authorizationCheck };
  if (authorizations.has(name) || accessors.has(name) || overload === 'cidr_ip') return { cost: one };
  if (readers.has(name)) return first === undefined ? undefined : { cost: scaled(size(first), traversal) };
  switch (name) {
    case 'fieldSelector': case 'labelSelector': return args.length === 1 && first !== undefined ? { cost: selectorCost(size(first)) } : undefined;
    case 'isSorted': case 'sum': case 'max': case 'min': case 'indexOf': case 'lastIndexOf': return target === undefined ? undefined : { cost: searchCost(target, declared) };
    case 'url': case 'jsonpatch.escapeKey': return args.length === 1 && first !== undefined ? { cost: scaled(size(first), traversal), size: size(first) } : undefined;
    case 'lowerAscii': case 'upperAscii': case 'substring': case 'trim': return target === undefined ? undefined : { cost: scaled(size(target), traversal), size: size(target) };
    case 'replace': return target === undefined || first === undefined || second === undefined ? undefined : replaceCost(size(target), size(first), size(second));
    case 'split': return target === undefined ? undefined : { cost: scaled(size(target), 2 * traversal), size: range(0n, splitLimit(second) ?? size(target).max) };
    case 'join': return target === undefined ? undefined : joinCost(target, first, declared);
    case 'find': case 'findAll': return target === undefined || first === undefined ? undefined : { cost: patternCost(size(target), size(first)), size: range(0n, size(target).max) };
    case 'ip.isCanonical': return first === undefined ? undefined : { cost: scaled(size(first), 2 * traversal) };
    case 'containsIP': case 'containsCIDR': return first === undefined ? undefined : { cost: containmentCost(call, size(first)) };
    case 'validate': return first === undefined ? undefined : { cost: scaled(scaled(size(first), traversal), longestFormatPattern * patternFactor) };
    case '_==_': return equalityCost(args);
    default: return undefined;
  }
}

/** A text's length and one, times the pattern's. */
export const patternCost = (text: Range, pattern: Range): Range => times(scaled(plus(text, one), traversal), scaled(pattern, patternFactor));

function selectorCost(length: Range): Range {
  // A selector of that many characters holds at most half as many requirements.
  const requirements = scaled(length, requirementsPerCharacter);
  return plus(plus(selectorBase, scaled(length, traversal)), scaled(requirements, costPerRequirement));
}
const selectorBase = listCost;
const requirementsPerCharacter = 0.5;
const costPerRequirement = 50;

/** What a list holds, as something that has a size of its own; undefined of a text. */
function elementOf({ path, type }: Sized): Sized | undefined {
  return type.parameters.length === 0 ? undefined : { path: path === undefined ? undefined : [...path, '@items'], type: parameter(type, 0), expression: undefined, size: undefined };
}

function searchCost(target: Sized, declared: SizeOf): Range {
  const element = elementOf(target);
  if (element === undefined) return scaled(sizeOf(target, declared), traversal);
  const { kind } = element.type;
  const each = kind === 'string' || kind === 'bytes' ? plus(one, scaled(sizeOf(element, declared), traversal)) : one;
  return times(sizeOf(target, declared), each);
}

function replaceCost(text: Range, from: Range, to: Range): CallCost {
  const longest = from.min === 0n ? [text.max < most ? text.max + 1n : most, text.max] : to.max <= from.min ? [0n, text.max] : [divided(text.max, from.min), 0n];
  const shortest = from.max === 0n ? [text.min < most ? text.min + 1n : most, text.min] : from.max <= to.min ? [0n, text.min] : [divided(text.min, from.max), 0n];
  const [[maxCount = 0n, maxKept = 0n], [minCount = 0n, minKept = 0n]] = [longest, shortest];
  return { cost: scaled(text, 2 * traversal), size: plus(times(range(minCount, maxCount), to), range(minKept, maxKept)) };
}

const divided = (value: bigint, by: bigint): bigint => {
  const quotient = Math.ceil(Number(value) / Number(by));
  return quotient >= 2 ** 64 ? most : BigInt(quotient);
};

/** Of `text.split(separator, limit)` with the limit as a literal. */
function splitLimit(limit: Sized | undefined): bigint | undefined {
  const expression = limit?.expression;
  return expression?.kind === 'literal' && expression.literal.type === 'int' ? wrapped(expression.literal.value) : undefined;
}

function joinCost(target: Sized, separator: Sized | undefined, declared: SizeOf): CallCost {
  const count = sizeOf(target, declared);
  const element = elementOf(target);
  let size = element === undefined ? nothing : times(count, sizeOf(element, declared));
  if (separator !== undefined) size = plus(size, times(sizeOf(separator, declared), range(count.min > 0n ? count.min - 1n : 0n, count.max > 0n ? count.max - 1n : 0n)));
  return { cost: scaled(size, traversal), size };
}

function containmentCost({ name, overload }: CostedCall, other: Range): Range {
  const compared = scaled(plus(address, address), traversal);
  const masked = name === 'containsCIDR' ? plus(plus(compared, scaled(address, traversal)), one) : compared;
  return overload.endsWith('_string') ? plus(masked, scaled(other, traversal)) : masked;
}

const comparedAtOnce = new Set(['net.IP', 'net.CIDR', 'kubernetes.Quantity', 'kubernetes.Semver', ...['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map((name) => `kubernetes.authorization.${name}`)]);

/** Of values of Kubernetes' own types. */
function equalityCost([left, right]: readonly Sized[]): CallCost | undefined {
  if (left === undefined || right === undefined || left.type.name !== right.type.name) return undefined;
  const { name }: Type = left.type;
  if (comparedAtOnce.has(name)) return { cost: one };
  if (name === 'kubernetes.NamedFormat') return { cost: scaled(range(1n, longestFormat), traversal) };
  // Kubernetes: upstream takes the right side's size twice.
  return name === 'kubernetes.URL' ? { cost: scaled(range(1n, right.size?.max ?? 1n), traversal) } : undefined;
}

/** The cost of a call that an extension of the language has figures of its own for; undefined of others. */
export function extensionCost({ overload, target, args }: CostedCall, declared: SizeOf): CallCost | undefined {
  const [first, second] = args;
  const size = (value: Sized): Range => sizeOf(value, declared);
  const allocating = (factor: number, of: Range): CallCost => ({ cost: plus(plus(scaled(of, factor), one), listCost), size: of });
  if (overload.startsWith('list_sets_')) {
    if (first === undefined || second === undefined) return undefined;
    return { cost: plus(scaled(times(size(first), size(second)), overload === 'list_sets_equivalent_list' ? 2 : 1), one) };
  }
  if (overload === 'lists_range') return first === undefined ? undefined : allocating(1, exactly(literalOr(first, most)));
  if (target === undefined) return undefined;
  switch (overload) {
    case 'list_slice': return first === undefined || second === undefined ? undefined : allocating(1, exactly(wrapped(literalOr(second, size(target).max) - literalOr(first, 0n))));
    case 'list_flatten': case 'list_flatten_int': return allocating(first === undefined ? 1 : Number(literalOr(first, most)), size(target));
    case 'list_reverse': return allocating(1, size(target));
    case 'list_distinct': return allocating(2, times(size(target), size(target)));
    default: {
      const sorted = /^list_(.+)_sort(ByAssociatedKeys)?$/.exec(overload);
      const keys = sorted?.[2] === undefined ? target : first;
      if (sorted === null || keys === undefined) return undefined;
      return allocating(sorted[1] === 'string' || sorted[1] === 'bytes' ? 2 + traversal : 2, times(size(keys), size(keys)));
    }
  }
}

/** A literal number, not below zero. */
function literalOr({ expression }: Sized, otherwise: bigint): bigint {
  if (expression?.kind !== 'literal' || expression.literal.type !== 'int') return otherwise;
  return expression.literal.value < 0n ? 0n : expression.literal.value;
}

