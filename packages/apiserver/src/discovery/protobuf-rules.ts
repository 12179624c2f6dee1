// Documents of OpenAPI as the messages that protobuf has for them: rules that say which key becomes which field. Pure.
import { yamlText } from '@kaji/schema';
import { varint } from './varint.ts';

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;
export type Encode = (value: Json) => Uint8Array;

/** How one key of a document becomes fields of its message. */
export interface Rule {
  readonly number: number;
  write(value: Json): readonly Uint8Array[];
}

const encoder = new TextEncoder();
export const join = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
export const block = (number: number, content: Uint8Array): Uint8Array => join([varint(number * 8 + 2), varint(content.length), content]);
const textBlock = (number: number, value: Json): Uint8Array => block(number, encoder.encode(String(value)));

export const text = (number: number): Rule => ({ number, write: (value) => [textBlock(number, value)] });
export const flag = (number: number): Rule => ({ number, write: (value) => (value === true ? [varint(number * 8), varint(1)] : []) });
export const integer = (number: number): Rule => ({ number, write: (value) => [varint(number * 8), varint(Number(value))] });
export const texts = (number: number): Rule => ({ number, write: (value) => itemsOf(value).map((one) => textBlock(number, one)) });
export const one = (number: number, encode: Encode): Rule => ({ number, write: (value) => [block(number, encode(value))] });
export const many = (number: number, encode: Encode): Rule => ({ number, write: (value) => itemsOf(value).map((item) => block(number, encode(item))) });

/** A map, written as pairs of name and value, each in this field. */
export const pairs = (number: number, encode: Encode): Encode => (value) => join(Object.entries(fieldsOf(value)).map(([name, item]) => block(number, pair(name, encode(item)))));
const pair = (name: string, content: Uint8Array): Uint8Array => join([textBlock(1, name), block(2, content)]);

export const itemsOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value]);
export const fieldsOf = (value: Json): Fields => (typeof value === 'object' && value !== null ? value as Fields : {}); // just checked

/** Any value, as YAML. */
export const any: Encode = (value) => textBlock(2, yamlText(value));

/** A message, its fields in the order of their numbers: known keys by their rules, extensions by name into one field of their own. Other keys have no place in the form. */
export function message(rules: Readonly<Record<string, Rule>>, extensions: number): Encode {
  const ordered = Object.entries(rules).sort(([, left], [, right]) => left.number - right.number);
  return (value) => {
    const fields = fieldsOf(value);
    const known = ordered.flatMap(([key, rule]) => (fields[key] === undefined ? [] : rule.write(fields[key])));
    const extended = Object.entries(fields).filter(([key, item]) => key.startsWith('x-') && item !== undefined).map(([key, item]) => block(extensions, pair(key, any(item))));
    return join([...known, ...extended]);
  };
}

/** A reference where there is one, in its field; else what would stand in its place, in its own. */
export const orReference = (encode: Encode, reference: Encode): Encode => (value) => ('$ref' in fieldsOf(value) ? block(2, reference(value)) : block(1, encode(value)));
