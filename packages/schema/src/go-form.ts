/**
 * Objects as upstream's server prints them inside messages: by the names and in the order of its Go structs, with what is
 * absent as null or as a zero value. Clients see such texts where a refusal shows a whole value or the difference of two.
 */
import type { Field, MessageType } from './field.ts';
import { givenValue } from './given.ts';
import { valueText } from './json-encode.ts';
import { shortName, zeroScalar } from './plan.ts';

/** Words that Go writes in capitals. */
const initialism = /^(?:api|aws|cel|cidr|csi|dns|fc|fs|gce|gmsa|grpc|http|ip|iqn|iscsi|nfs|os|rbd|se|ssl|tcp|tls|tty|uid|wwid)(?=[A-Z]|s?$)/;

/** `nodeName` is NodeName, `ipFamilies` IPFamilies; fields that Go spells otherwise say so with `goName`. What Go embeds is called by its type. */
export function goName(name: string, { of, options }: Field<unknown, boolean>): string {
  if (name === 'metadata' && typeof of !== 'string') return shortName(of);
  return options.goName ?? name.replace(initialism, (word) => word.toUpperCase()).replace(/^./, (letter) => letter.toUpperCase());
}

/** A value of this type, ready to be printed by {@link valueText}. */
export function goForm<T>(type: MessageType<T>, object: T): Readonly<Record<string, unknown>> {
  const values = object as Readonly<Record<string, unknown>>; // a plain object of the type
  const form = Object.fromEntries(entriesOf(type, values));
  return type.goShape?.(form, object) ?? form;
}

function entriesOf(type: MessageType<unknown>, values: Readonly<Record<string, unknown>>): [name: string, form: unknown][] {
  return (type.goOrder ?? Object.keys(type.fields)).flatMap((name) => {
    const field = type.fields[name];
    if (field === undefined) return [];
    // What Go embeds stands among the other fields.
    if (name === 'metadata' && typeof field.of !== 'string') return Object.entries(plainForm(field.of, values[name] ?? {}));
    if (field.options.isInline === true && typeof field.of !== 'string') return entriesOf(field.of, values);
    return [[goName(name, field), formOf(field, field.kind === 'scalar' ? values[name] : givenValue(values, name))]];
  });
}

function formOf(field: Field<unknown, boolean>, value: unknown): unknown {
  if (value === undefined || value === null) return absentForm(field);
  switch (field.kind) {
    case 'list': return (value as readonly unknown[]).map((item) => itemForm(field, item)); // a list by its kind
    case 'map': return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, itemForm(field, item)]));
    default: return itemForm(field, value);
  }
}

/** Types of the API machinery are printed as clients write them. */
const isPlain = (type: MessageType<unknown>): boolean => type.typeName.startsWith('k8s.io.apimachinery.');

const itemForm = ({ of }: Field<unknown, boolean>, value: unknown): unknown => (typeof of === 'string' ? value : isPlain(of) ? plainForm(of, value) : goForm(of, value));

/** What is there, in the fields' own order. */
function plainForm(type: MessageType<unknown>, object: unknown): Readonly<Record<string, unknown>> {
  const values = object as Readonly<Record<string, unknown>>; // a plain object of the type
  return Object.fromEntries(Object.entries(type.fields).flatMap(([name, field]) => {
    const value = values[name];
    if (value === undefined) return [];
    return [[name, Array.isArray(value) ? value.map((item) => itemForm(field, item)) : field.kind === 'map' ? formOf(field, value) : itemForm(field, value)]];
  }));
}

function absentForm(field: Field<unknown, boolean>): unknown {
  const { kind, of, options } = field;
  if (kind === 'list' || kind === 'map' || options.presence === 'explicit') return null;
  if (kind === 'message') return options.presence === 'always' && typeof of !== 'string' ? (isPlain(of) ? {} : goForm(of, {})) : null;
  if (of === 'time' || of === 'microTime' || of === 'bytes' || of === 'wrappedStrings') return null;
  return typeof of === 'string' ? zeroScalar(of) : null;
}

/** The same over several lines, each level indented by one space. */
export function indentedText(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return valueText(value);
  const inner = `${indent} `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const lines = Array.isArray(value) ? value.map((item) => indentedText(item, inner)) : Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => `${valueText(key)}: ${indentedText(item, inner)}`);
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.map((line) => `${inner}${line}`).join(',\n')}\n${indent}${close}`;
}
