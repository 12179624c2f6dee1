/** Whether two plain values are the same; a key that is undefined counts as absent. */
export function isDeepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return Number.isNaN(left) && Number.isNaN(right);
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => isDeepEqual(item, right[index]));
  }
  if (Array.isArray(right)) return false;
  const [a, b] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>]; // objects that are no lists
  let missing = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === undefined) missing++;
    else if (!Object.hasOwn(b, key) || !isDeepEqual(a[key], b[key])) return false;
  }
  const present = Object.keys(a).length - missing;
  return Object.keys(b).filter((key) => b[key] !== undefined).length === present;
}
