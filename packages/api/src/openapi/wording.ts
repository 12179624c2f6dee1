/** What the published schemas say in prose: the comments of the declarations, and what is the same for every kind. */
import { type MessageType, planOf } from '@kaji/schema';
import { ObjectMeta } from '../meta/v1/object-meta.ts';
import type { Descriptions } from './descriptions.ts';

/** Empty text where nothing is known. */
export interface Wording {
  ofType(type: MessageType<unknown>): string;
  ofField(type: MessageType<unknown>, name: string): string;
}

const ofEveryObject: Readonly<Record<string, string>> = {
  apiVersion: 'Group and version of the schema that this object is written in, as group/version; the version alone in the core group. The server refuses versions that it does not know.',
  kind: 'The kind of this object, in CamelCase. With apiVersion it names the schema. It follows from the address that the object is sent to, and never changes.',
};

const ofEveryList: Readonly<Record<string, string>> = {
  metadata: 'The revision that this list was read at, and how to read on when it is only a part.',
  items: 'The objects of the list.',
};

export function wording(descriptions: Descriptions): Wording {
  const itemType = (type: MessageType<unknown>): MessageType<unknown> | undefined => {
    const items = type.fields['items'];
    return !descriptions.has(type.typeName) && items?.kind === 'list' && typeof items.of !== 'string' ? items.of : undefined;
  };
  const ofType = (type: MessageType<unknown>): string => {
    const item = itemType(type);
    return item === undefined ? descriptions.get(type.typeName)?.text ?? '' : `A list of objects of kind ${item.typeName.slice(item.typeName.lastIndexOf('.') + 1)}.`;
  };
  return {
    ofType,
    ofField(type, name) {
      const planned = planOf(type).byName.get(name);
      if (planned === undefined) return ofEveryObject[name] ?? '';
      if (itemType(type) !== undefined) return ofEveryList[name] ?? '';
      const own = descriptions.get(declaring(type, planned.through).typeName)?.fields.get(name) ?? '';
      return own === '' && planned.field.of === ObjectMeta ? ofType(ObjectMeta as MessageType<unknown>) : own;
    },
  };
}

/** The inlined message, at the end of this way, that a field was declared in. */
function declaring(type: MessageType<unknown>, through: readonly string[]): MessageType<unknown> {
  let at = type;
  for (const step of through) {
    const next = Object.values(at.fields).find(({ of, options }) => options.isInline === true && typeof of !== 'string' && of.typeName.endsWith(`.${step}`))?.of;
    if (next !== undefined && typeof next !== 'string') at = next;
  }
  return at;
}
