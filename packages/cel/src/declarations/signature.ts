/** Reads the compact text of declarations: types and overloads. */
import { anyType, boolType, bytesType, doubleType, durationType, dynType, intType, listType, mapType, nullType, objectType, opaqueType, optionalType, parameterType, stringType, timestampType, typeOf, uintType, type Type } from '../type.ts';

/** One way of calling a function. Of a member the first argument is what stands before the point. */
export interface Overload {
  readonly id: string;
  readonly args: readonly Type[];
  readonly result: Type;
  readonly isMember: boolean;
  /** The names of the types that the overload leaves open. */
  readonly open: readonly string[];
}

const simple: ReadonlyMap<string, Type> = new Map([
  ['any', anyType], ['bool', boolType], ['bytes', bytesType], ['double', doubleType], ['duration', durationType], ['dyn', dynType], ['int', intType], ['null', nullType],
  ['string', stringType], ['timestamp', timestampType], ['uint', uintType],
]);

/** A type's text: `map(string, Quantity)`. */
export function readType(text: string): Type {
  const open = text.indexOf('(');
  if (open < 0) return simple.get(text) ?? (/^[A-Z]$/.test(text) ? parameterType(text) : text.startsWith('net.') ? opaqueType(text) : objectType(`kubernetes.${text}`));
  const [first = dynType, second = dynType] = readTypes(text.slice(open + 1, -1));
  switch (text.slice(0, open)) {
    case 'list': return listType(first);
    case 'map': return mapType(first, second);
    case 'type': return typeOf(first);
    default: return optionalType(first);
  }
}

/** Types with commas between them. */
function readTypes(text: string): Type[] {
  const types: Type[] = [];
  for (let depth = 0, start = 0, index = 0; text !== '' && index <= text.length; index++) {
    const character = text[index];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (depth === 0 && (character === ',' || character === undefined)) {
      types.push(readType(text.slice(start, index).trim()));
      start = index + 1;
    }
  }
  return types;
}

/** `id receiver.(arguments) result`. */
export function readOverload(text: string): Overload {
  const afterId = text.indexOf(' ');
  const signature = text.slice(afterId + 1);
  const member = signature.indexOf('.(');
  const open = member < 0 ? 0 : member + 1;
  const close = closingAt(signature, open);
  const args = readTypes(signature.slice(open + 1, close));
  return {
    id: text.slice(0, afterId), args: member < 0 ? args : [readType(signature.slice(0, member)), ...args], result: readType(signature.slice(close + 2)), isMember: member >= 0,
    open: [...new Set(signature.match(/\b[A-Z]\b/g))],
  };
}

function closingAt(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === '(') depth++;
    else if (text[index] === ')' && --depth === 0) return index;
  }
  return text.length;
}
