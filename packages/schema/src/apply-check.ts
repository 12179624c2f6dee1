/** Whether a configuration fits the schema of server-side apply, in upstream's words. Null fits everywhere. */
import { childShape, isPlain, itemStep, rootShape, type Shape, UnkeyedItem } from './apply-shape.ts';
import { pathText } from './field-set.ts';
import type { MessageType } from './field.ts';
import { goSyntax, goText } from './go-text.ts';

/** What is wrong, each with its path; one line for one error. Undefined where nothing is. Objects that are kept may hold `repeats`: items that share a key. */
export function typeProblem<T>(type: MessageType<T>, config: unknown, repeats: 'repeats' | 'no repeats' = 'no repeats'): string | undefined {
  const problems: string[] = [];
  new Check(problems, repeats === 'repeats').value(rootShape(type), config, '');
  return problems.length < 2 ? problems[0] : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
}

class Check {
  readonly #problems: string[];
  readonly #allowsRepeats: boolean;

  constructor(problems: string[], allowsRepeats: boolean) {
    this.#problems = problems;
    this.#allowsRepeats = allowsRepeats;
  }

  value(shape: Shape, value: unknown, path: string): void {
    if (value === null || value === undefined) return;
    if (shape.by === 'scalar') {
      const why = scalarProblem(shape.scalar, value);
      if (why !== undefined) this.#report(path, why);
    } else if (shape.by === 'items') {
      if (Array.isArray(value)) this.#items(shape, value, path);
      else this.#report(path, `expected list, got ${holding(value)}`);
    } else if (isPlain(value)) this.#keys(shape, value, path);
    else if (shape.by !== 'free') this.#report(path, `expected map, got ${holding(value)}`);
  }

  #report(path: string, why: string): void {
    this.#problems.push(path === '' ? why : `${path}: ${why}`);
  }

  /** Kubernetes: nothing is said of what follows a field that is not declared. */
  #keys(shape: Shape, value: Readonly<Record<string, unknown>>, path: string): void {
    for (const [key, child] of Object.entries(value)) {
      const below = childShape(shape, key);
      if (below === undefined) {
        this.#report(`${path}.${key}`, 'field not declared in schema');
        return;
      }
      this.value(below, child, `${path}.${key}`);
    }
  }

  #items({ of, field, isAtomic }: Extract<Shape, { by: 'items' }>, items: readonly unknown[], path: string): void {
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      let step = `i:${index}`;
      if (!isAtomic) {
        try {
          step = itemStep(field, item);
        } catch (error) {
          if (!(error instanceof UnkeyedItem)) throw error;
          this.#report(path, `element ${index}: ${error.message}`);
          return;
        }
        if (seen.has(step) && !this.#allowsRepeats) this.#report(path, `duplicate entries for key ${pathText([step])}`);
        seen.add(step);
      }
      this.value(of, item, `${path}${pathText([step])}`);
    }
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
