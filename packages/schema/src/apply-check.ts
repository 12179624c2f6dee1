/** Whether a configuration fits the schema of server-side apply, in upstream's words. Null fits everywhere. */
import { childShape, isPlain, itemStep, rootShape, type Shape, UnkeyedItem } from './apply-shape.ts';
import { pathText } from './field-set.ts';
import type { MessageType } from './field.ts';
import { goSyntax, goText } from './go-text.ts';

/** What is wrong, each with its path; one line for one error. Undefined where nothing is. */
export function typeProblem<T>(type: MessageType<T>, config: unknown): string | undefined {
  const problems: string[] = [];
  check(rootShape(type), config, '', problems);
  return problems.length < 2 ? problems[0] : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
}

function check(shape: Shape, value: unknown, path: string, problems: string[]): void {
  if (value === null || value === undefined) return;
  const report = (why: string): void => { problems.push(path === '' ? why : `${path}: ${why}`); };
  if (shape.by === 'scalar') {
    const why = scalarProblem(shape.scalar, value);
    if (why !== undefined) report(why);
  } else if (shape.by === 'items') {
    if (Array.isArray(value)) checkItems(shape, value, path, problems);
    else report(`expected list, got ${holding(value)}`);
  } else if (isPlain(value)) checkKeys(shape, value, path, problems);
  else if (shape.by !== 'free') report(`expected map, got ${holding(value)}`);
}

/** Kubernetes: nothing is said of what follows a field that is not declared. */
function checkKeys(shape: Shape, value: Readonly<Record<string, unknown>>, path: string, problems: string[]): void {
  for (const [key, child] of Object.entries(value)) {
    const below = childShape(shape, key);
    if (below === undefined) {
      problems.push(`${path}.${key}: field not declared in schema`);
      return;
    }
    check(below, child, `${path}.${key}`, problems);
  }
}

function checkItems({ of, field, isAtomic }: Extract<Shape, { by: 'items' }>, items: readonly unknown[], path: string, problems: string[]): void {
  const report = (why: string): void => { problems.push(path === '' ? why : `${path}: ${why}`); };
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    let step = `i:${index}`;
    if (!isAtomic) {
      try {
        step = itemStep(field, item);
      } catch (error) {
        if (!(error instanceof UnkeyedItem)) throw error;
        report(`element ${index}: ${error.message}`);
        return;
      }
      if (seen.has(step)) report(`duplicate entries for key ${pathText([step])}`);
      seen.add(step);
    }
    check(of, item, `${path}${pathText([step])}`, problems);
  }
}

function scalarProblem(scalar: Extract<Shape, { by: 'scalar' }>['scalar'], value: unknown): string | undefined {
  switch (scalar) {
    case 'string': return typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'numeric': return typeof value === 'number' || typeof value === 'bigint' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'boolean': return typeof value === 'boolean' ? undefined : `expected boolean, got ${holding(value)}`;
    case 'untyped': return typeof value === 'object' ? `expected any scalar, got ${holding(value)}` : undefined;
    default: return scalar satisfies never;
  }
}

/** As Go's %v prints the value's holder. */
const holding = (value: unknown): string => `&{${goText(value)}}`;

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : 'string';
}
