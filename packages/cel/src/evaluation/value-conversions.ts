/** `int('1')`, `string(2.5)` and their like, on values. */
import { type Constant, convert, type Instant } from '../conversions.ts';
import { Duration, Failure, noSuchOverload, Timestamp, TypeValue, Uint, type Value } from './value.ts';

export type ConversionTarget = 'bool' | 'bytes' | 'double' | 'duration' | 'int' | 'string' | 'timestamp' | 'uint';

const billion = 1_000_000_000n;

export function convertValue(value: Value, target: ConversionTarget): Value {
  const constant = constantOf(value);
  if (constant === undefined) return noSuchOverload;
  const converted = convert(constant, target);
  return 'failure' in converted ? new Failure(converted.failure) : valueOf(converted);
}

function constantOf(value: Value): Constant | undefined {
  if (value === null) return { type: 'null' };
  switch (typeof value) {
    case 'boolean': return { type: 'bool', value };
    case 'bigint': return { type: 'int', value };
    case 'number': return { type: 'double', value };
    case 'string': return { type: 'string', value };
    default: break;
  }
  if (value instanceof Uint8Array) return { type: 'bytes', value };
  if (value instanceof Uint) return { type: 'uint', value: value.value };
  if (value instanceof Duration) return { type: 'duration', nanoseconds: value.nanoseconds };
  if (value instanceof TypeValue) return { type: 'type', name: value.name };
  if (!(value instanceof Timestamp)) return undefined;
  const nanoseconds = ((value.nanoseconds % billion) + billion) % billion;
  return { type: 'timestamp', seconds: (value.nanoseconds - nanoseconds) / billion, nanoseconds: Number(nanoseconds), offsetMinutes: value.offsetMinutes };
}

export function valueOf(constant: Constant): Value {
  switch (constant.type) {
    case 'null': return null;
    case 'uint': return new Uint(constant.value);
    case 'duration': return new Duration(constant.nanoseconds);
    case 'timestamp': return timestampOf(constant);
    case 'type': return new TypeValue(constant.name);
    case 'list': case 'map': return noSuchOverload;
    default: return constant.value;
  }
}

export const timestampOf = ({ seconds, nanoseconds, offsetMinutes }: Instant): Timestamp => new Timestamp(seconds * billion + BigInt(nanoseconds), offsetMinutes);
