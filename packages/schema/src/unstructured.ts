/** Plain JSON that becomes an object of a type without going through text: what does not fit, in upstream's words and order. */
import { readBase64 } from './base64.ts';
import { DecodeError } from './decode-error.ts';
import type { Field, MessageType, Scalar } from './field.ts';
import { planOf } from './plan.ts';
import { normalizeTime } from './time.ts';

/** The first thing that does not fit, in the order of the type's fields. Undefined where all fits, or only decoding can tell. */
export function unstructuredProblem<T>(type: MessageType<T>, value: unknown): string | undefined {
  if (isPlain(value)) {
    for (const name of ['kind', 'apiVersion']) {
      const problem = value[name] === null || value[name] === undefined ? undefined : scalarProblem('string', value[name]);
      if (problem !== undefined) return problem;
    }
  }
  return messageProblem(type as MessageType<unknown>, value);
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths of what the type does not know; those of a field's value come before those beside it. */
export function unknownFields<T>(type: MessageType<T>, value: unknown): readonly string[] {
  const found: string[] = [];
  collectUnknown(type as MessageType<unknown>, value, { prefix: '', isObject: true, found });
  return found;
}

function collectUnknown(type: MessageType<unknown>, value: unknown, { prefix, isObject, found }: { readonly prefix: string; readonly isObject: boolean; readonly found: string[] }): void {
  if (!isPlain(value)) return;
  const { fields, byName } = planOf(type);
  for (const { name, field } of fields) {
    const { of, kind, options } = field;
    if (typeof of === 'string' || options.alternative !== undefined) continue;
    const child = value[name];
    const nested = options.isObject === true;
    if (kind === 'message') collectUnknown(of, child, { prefix: `${prefix}${name}.`, isObject: nested, found });
    else if (kind === 'list' && Array.isArray(child)) for (const [index, item] of child.entries()) collectUnknown(of, item, { prefix: `${prefix}${name}[${index}].`, isObject: nested, found });
    else if (kind === 'map' && isPlain(child)) for (const item of Object.values(child)) collectUnknown(of, item, { prefix: `${prefix}${name}.`, isObject: nested, found });
  }
  for (const key of Object.keys(value)) if (!byName.has(key) && !(isObject && (key === 'kind' || key === 'apiVersion'))) found.push(`${prefix}${key}`);
}

function messageProblem(type: MessageType<unknown>, value: unknown): string | undefined {
  if (!isPlain(value)) return `cannot restore struct from: ${goKind(value)}`;
  for (const { name, field } of planOf(type).fields) {
    const problem = fieldProblem(field, value[name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(field: Field<unknown, boolean>, value: unknown): string | undefined {
  if (value === null || value === undefined || field.options.alternative !== undefined) return undefined;
  switch (field.kind) {
    case 'list': return Array.isArray(value) ? firstProblem(field, value) : `cannot restore slice from ${goKind(value)}`;
    case 'map': return isPlain(value) ? firstProblem(field, Object.values(value)) : `cannot restore map from ${goKind(value)}`;
    case 'scalar': case 'message': return itemProblem(field, value);
    default: return field.kind satisfies never;
  }
}

function firstProblem(field: Field<unknown, boolean>, items: readonly unknown[]): string | undefined {
  for (const item of items) {
    const problem = item === null || item === undefined ? undefined : itemProblem(field, item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const itemProblem = ({ of, options }: Field<unknown, boolean>, value: unknown): string | undefined => (typeof of === 'string' ? scalarProblem(of, value, options.goType) : messageProblem(of, value));

function scalarProblem(of: Scalar, value: unknown, goType: string = of): string | undefined {
  const kind = goKind(value);
  switch (of) {
    case 'bytes': return kind === 'string' ? base64Problem(value as string) : `cannot restore slice from ${kind}`; // as its kind says
    case 'string': return kind === 'string' ? undefined : kind === 'int64' ? `cannot convert int64 to ${goType}` : 'unrecognized type: string';
    case 'bool': return kind === 'bool' ? undefined : 'unrecognized type: bool';
    case 'int32': case 'int64': case 'uint32': case 'uint64': return kind === 'int64' ? undefined : kind === 'float64' ? `cannot convert float64 to ${of}` : `unrecognized type: ${of}`;
    case 'double': case 'float': return kind === 'int64' || kind === 'float64' ? undefined : `unrecognized type: ${of === 'double' ? 'float64' : 'float32'}`;
    case 'time': case 'microTime': return kind === 'string' ? timeProblem(value as string, of) : `json: cannot unmarshal ${jsonKind(kind)} into Go value of type string`; // as its kind says
    case 'intOrString': return kind === 'string' || kind === 'int64' ? undefined : `json: cannot unmarshal ${kind === 'float64' ? `number ${String(value)}` : jsonKind(kind)} into Go value of type int32`;
    default: return undefined; // these decode themselves
  }
}

function timeProblem(text: string, of: 'time' | 'microTime'): string | undefined {
  return problemOf(() => normalizeTime(text, of));
}

function base64Problem(text: string): string | undefined {
  const problem = problemOf(() => readBase64(text));
  return problem === undefined ? undefined : `error decoding from json: ${problem}`;
}

function problemOf(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** As JSON calls what Go calls so. */
const jsonKind = (kind: string): string => ({ map: 'object', slice: 'array', int64: 'number', float64: 'number' })[kind] ?? kind;

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  switch (typeof value) {
    case 'string': return 'string';
    case 'boolean': return 'bool';
    case 'bigint': return 'int64';
    case 'number': return Number.isInteger(value) ? 'int64' : 'float64';
    default: return 'map';
  }
}
