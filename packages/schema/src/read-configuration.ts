/** Configuration files of components: messages like any other, with defaults, and a list of what is not supported. */
import { applyDefaults } from './defaults.ts';
import { DecodeError } from './decode-error.ts';
import type { MessageType } from './field.ts';
import { fromJson } from './json-decode.ts';

export interface ReadConfiguration<T> {
  readonly configuration: T;
  /** Fields that the file has and the component does not heed, as `unknown field "x.y"`. */
  readonly problems: readonly string[];
}

/** From a parsed file. Throws DecodeError where the file is of another kind or a value has the wrong form. */
export function readConfiguration<T>(type: MessageType<T>, value: unknown): ReadConfiguration<T> {
  const wanted = type.typeName.slice(type.typeName.lastIndexOf('.') + 1);
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (kind !== undefined && kind !== wanted) throw new DecodeError(`the configuration is of kind ${JSON.stringify(kind)}; a ${wanted} is needed`);
  const { object, problems } = fromJson(type, value ?? {});
  applyDefaults(type, object);
  return { configuration: object, problems };
}
