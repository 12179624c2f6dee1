/** What walkers need to know of a type, worked out once: its fields with inlined messages flattened, and the zero values. */
import type { Field, MessageType, Scalar } from './field.ts';

export interface PlannedField {
  readonly name: string;
  // A record of fields of different types has no closer common type (see Fields).
  // oxlint-disable-next-line no-explicit-any
  readonly field: Field<any, boolean>;
  /** Decoded objects always have it. */
  readonly isFilled: boolean;
  /** Its zero value means the same as its absence. */
  readonly isZeroAbsent: boolean;
  /** A list, a map or bytes: Go tells absent ones from empty ones, and so does `givenValue`. */
  readonly isNilable: boolean;
  /** Names of the inlined messages it came through, outermost first. */
  readonly through: readonly string[];
}

export interface Plan {
  /** In JSON's order. */
  readonly fields: readonly PlannedField[];
  readonly byName: ReadonlyMap<string, PlannedField>;
}

const plans = new WeakMap<MessageType<unknown>, Plan>();

/** `Pod` of `k8s.io.api.core.v1.Pod`. */
export const shortName = (type: MessageType<unknown>): string => type.typeName.slice(type.typeName.lastIndexOf('.') + 1);

// oxlint-disable-next-line no-explicit-any
function isZeroAbsent(field: Field<any, boolean>): boolean {
  const presence = field.options.presence ?? 'implicit';
  if (presence === 'explicit' || field.isRequired) return false;
  return field.kind !== 'message' || presence === 'always';
}

function flatten(type: MessageType<unknown>, through: readonly string[]): PlannedField[] {
  return Object.entries(type.fields).flatMap(([name, field]) => {
    if (field.options.isInline === true && typeof field.of !== 'string') return flatten(field.of, [...through, shortName(field.of)]);
    const presence = field.options.presence ?? 'implicit';
    const isFilled = presence === 'always' && (field.isRequired || field.options.isPresent === true);
    const isNilable = field.kind === 'list' || field.kind === 'map' || field.of === 'bytes';
    return [{ name, field, through, isFilled, isZeroAbsent: isZeroAbsent(field) && !isFilled, isNilable }];
  });
}

export function planOf(type: MessageType<unknown>): Plan {
  let plan = plans.get(type);
  if (plan === undefined) {
    const fields = flatten(type, []);
    plans.set(type, plan = { fields, byName: new Map(fields.map((field) => [field.name, field])) });
  }
  return plan;
}

/** The zero value of a scalar that objects always have. */
export function zeroScalar(of: Scalar): unknown {
  switch (of) {
    case 'bool': return false;
    case 'int32': case 'int64': case 'uint32': case 'uint64': case 'double': case 'float': case 'intOrString': return 0;
    case 'wrappedStrings': return [];
    case 'quantity': return '0';
    case 'rawExtension': case 'json': case 'fieldsV1': return null;
    default: return '';
  }
}

// oxlint-disable-next-line no-explicit-any
export function zeroValue(field: Field<any, boolean>): unknown {
  switch (field.kind) {
    case 'list': return [];
    case 'map': return {};
    case 'message': return typeof field.of === 'string' ? {} : zeroMessage(field.of);
    case 'scalar': return typeof field.of === 'string' ? zeroScalar(field.of) : undefined;
  }
}

/** An object of the type with nothing set: only what every object has. */
export function zeroMessage(type: MessageType<unknown>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { name, field, isFilled } of planOf(type).fields) if (isFilled) object[name] = zeroValue(field);
  return object;
}

/** Whether every field of the message has its zero value. */
export function isZeroMessage(type: MessageType<unknown>, object: Readonly<Record<string, unknown>>): boolean {
  const { byName } = planOf(type);
  for (const name in object) {
    const value = object[name];
    if (value === undefined) continue;
    const planned = byName.get(name);
    if (planned === undefined || !(planned.isZeroAbsent || planned.isFilled) || !isZero(planned, value)) return false;
  }
  return true;
}

/** Whether a value is its field's zero value. */
export function isZero({ field }: PlannedField, value: unknown): boolean {
  if (value === null) return true;
  if (field.kind === 'scalar' && (field.of === 'rawExtension' || field.of === 'json')) return false; // any value that was given counts
  if (value === '' || value === 0 || value === false) return true;
  if (typeof value !== 'object') return field.of === 'quantity' && value === '0' && field.kind === 'scalar';
  if (Array.isArray(value)) return value.length === 0;
  if (field.kind === 'message' && typeof field.of !== 'string') return isZeroMessage(field.of, value as Record<string, unknown>); // an object by its kind
  if (field.kind === 'scalar') return false;
  for (const _ in value) return false;
  return true;
}
