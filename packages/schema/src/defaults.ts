import { copyOf } from './copy.ts';
import type { MessageType } from './field.ts';
import { isZero, isZeroMessage, type PlannedField, planOf, zeroMessage } from './plan.ts';
import { inThousandths } from './quantity.ts';

/** Sets the defaults that fields state, in place, all the way down. */
export function applyDefaults<T>(type: MessageType<T>, object: T): void {
  apply(type as MessageType<unknown>, object as Record<string, unknown>); // objects are plain records of what the type's fields say
}

/** Fields that can get a default, here or below; worked out once a type. */
const relevant = new WeakMap<MessageType<unknown>, readonly PlannedField[]>();

function relevantFields(type: MessageType<unknown>): readonly PlannedField[] {
  let fields = relevant.get(type);
  if (fields === undefined) {
    relevant.set(type, []); // of a recursive type, while it is being worked out
    fields = planOf(type).fields.filter(({ field }) =>
      field.options.default !== undefined || isAmounts(field) || (typeof field.of !== 'string' && field.options.alternative === undefined && relevantFields(field.of).length > 0));
    relevant.set(type, fields);
  }
  return fields;
}

const isAmounts = ({ kind, of, options }: PlannedField['field']): boolean => kind === 'map' && of === 'quantity' && options.isExact !== true;

/** Kubernetes: amounts of resources are rounded up to thousandths. */
function roundAmounts(amounts: Record<string, string>): void {
  for (const [name, amount] of Object.entries(amounts)) amounts[name] = inThousandths(amount);
}

function apply(type: MessageType<unknown>, object: Record<string, unknown>): void {
  for (const planned of relevantFields(type)) {
    const { name, field, isFilled } = planned;
    const value = object[name];
    const { default: standard } = field.options;
    if (standard !== undefined && (value === undefined || (isFilled && isZero(planned, value)))) {
      // The default's own value is shared by all objects.
      if (!(planned.isZeroAbsent && isZero(planned, standard))) object[name] = copyOf(standard);
    }
    if (typeof field.of === 'string') {
      if (isAmounts(field) && object[name] !== undefined) roundAmounts(object[name] as Record<string, string>); // amounts by its kind
      continue;
    }
    const current = object[name];
    const { of } = field;
    if (current === undefined || current === null) {
      // Go's structs that are no pointers are always there, and so are the defaults inside.
      if (field.kind !== 'message' || field.options.presence !== 'always') continue;
      const made = zeroMessage(of);
      apply(of, made);
      if (!isZeroMessage(of, made)) object[name] = made;
    } else if (field.kind === 'message') apply(of, current as Record<string, unknown>); // a message by its kind
    else for (const item of Object.values(current as Record<string, Record<string, unknown>>)) apply(of, item); // a list or map of messages by its kind
  }
}
