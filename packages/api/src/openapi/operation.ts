/** What can be asked of the server, apart from the version of OpenAPI that it is told in. */
import type { GroupVersionKind } from '../resource.ts';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'boolean' | 'integer';
  readonly description: string;
}

export interface Body {
  /** The name of its definition. */
  readonly of: string;
  readonly isRequired: boolean;
}

export interface Operation {
  readonly method: Method;
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  /** For clients that look for the operations of a kind. */
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  /** The name of the answer's definition, or `string`. */
  readonly answer: string;
  readonly codes: readonly number[];
  readonly body?: Body;
  readonly parameters: readonly Parameter[];
}

/** Operations by path. */
export type Operations = ReadonlyMap<string, readonly Operation[]>;

export const mediaTypes: readonly string[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

export const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** `core`, `apps`, `rbacAuthorization` of `rbac.authorization.k8s.io`. */
export const groupTag = (group: string): string => (group === '' ? 'core' : group.replace(/\.k8s\.io$/, '').replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase()));

/** `Core`, `RbacAuthorization`: how ids of operations name a group. */
export const groupWord = (group: string): string => capital(groupTag(group));

/** `V1`. */
export const versionWord = capital;
