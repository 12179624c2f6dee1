import type { MessageType } from './field.ts';
import { planOf } from './plan.ts';

/** Sets the defaults that fields state, in place, all the way down. */
export function applyDefaults<T>(type: MessageType<T>, object: T): void {
  apply(type as MessageType<unknown>, object as Record<string, unknown>); // objects are plain records of what the type's fields say
}

function apply(type: MessageType<unknown>, object: Record<string, unknown>): void {
  for (const { name, field, isFilled } of planOf(type).fields) {
    const value = object[name];
    if (field.options.default !== undefined && (value === undefined || (isFilled && value === ''))) object[name] = structuredClone(field.options.default);
    else if (value !== undefined && value !== null && typeof field.of !== 'string' && field.options.alternative === undefined) {
      const { of } = field;
      if (field.kind === 'message') apply(of, value as Record<string, unknown>); // a message by its kind
      else for (const item of Object.values(value as Record<string, Record<string, unknown>>)) apply(of, item); // a list or map of messages by its kind
    }
  }
}
