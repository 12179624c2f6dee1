/** The OpenAPI documents of the served kinds: one a group and version (3.0), and one of everything (2.0). */
import type { MessageType } from '@kaji/schema';
import { Eviction } from '../policy/v1/eviction.ts';
import { Scale } from '../autoscaling/v1/scale.ts';
import { TokenRequest } from '../authentication/v1/token-request.ts';
import { listTypeOf } from '../list-type.ts';
import { APIGroup, APIGroupList, APIResourceList, APIVersions } from '../meta/v1/discovery.ts';
import { DeleteOptions } from '../meta/v1/options.ts';
import { Status } from '../meta/v1/status.ts';
import type { AnyResource, GroupVersionKind } from '../resource.ts';
import type { Descriptions } from './descriptions.ts';
import { resourcePaths } from './paths.ts';
import { definitionName, type Dialect, dialect2, dialect3, namedSchemas, type Schema, typeSchema } from './type-schema.ts';
import { wording } from './wording.ts';

export interface OpenApiSource {
  v2(): Schema;
  v3(group: string, version: string): Schema;
}

interface Known {
  readonly type: MessageType<unknown>;
  readonly kinds: readonly GroupVersionKind[];
}

/** Bodies that are no resources. */
const others: readonly Known[] = [
  { type: Scale, kinds: [{ group: 'autoscaling', version: 'v1', kind: 'Scale' }] },
  { type: Eviction, kinds: [{ group: 'policy', version: 'v1', kind: 'Eviction' }] },
  { type: TokenRequest, kinds: [{ group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }] },
  ...([[APIGroup, 'APIGroup'], [APIGroupList, 'APIGroupList'], [APIResourceList, 'APIResourceList'], [APIVersions, 'APIVersions'], [Status, 'Status']] as const).map(([type, kind]): Known =>
    ({ type, kinds: [{ group: '', version: 'v1', kind }] })),
];

const keyOf = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version}/${kind}`;

/** Makes documents of these kinds; every call makes them anew, so keep what you get. */
export function openApiSource(kinds: readonly AnyResource[], versionText: string, describe: () => Descriptions): OpenApiSource {
  const versions = [...new Map(kinds.map(({ group, version }) => [`${group}/${version}`, { group, version }])).values()];
  const deleteOptions: Known = { type: DeleteOptions, kinds: versions.map(({ group, version }) => ({ group, version, kind: 'DeleteOptions' })) };
  const listed = (resource: AnyResource): Known[] => (resource.verbs.includes('list') ? [{ type: listTypeOf(resource.type) as MessageType<unknown>, kinds: [{ ...gv(resource), kind: `${resource.kind}List` }] }] : []);
  const gv = ({ group, version }: AnyResource): { group: string; version: string } => ({ group, version });
  const known: readonly Known[] = [...kinds.flatMap((resource): Known[] => [{ type: resource.type, kinds: [{ ...gv(resource), kind: resource.kind }] }, ...listed(resource)]), ...others, deleteOptions];
  const byName = new Map(known.map((one) => [definitionName(one.type.typeName), one]));
  const names = new Map(known.flatMap((one) => one.kinds.map((kind) => [keyOf(kind), definitionName(one.type.typeName)] as const)));
  const find: Finder = { byName, nameOf: (kind) => names.get(keyOf(kind)), describe };
  const info = { title: 'Kubernetes', version: versionText };
  return {
    v2() {
      const paths = pathsOf(kinds, dialect2, find);
      return { swagger: '2.0', info, paths, definitions: definitions(paths, known, dialect2, find), securityDefinitions: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } }, security: [{ BearerToken: [] }] };
    },
    v3(group, version) {
      const own = kinds.filter((resource) => resource.group === group && resource.version === version);
      const paths = pathsOf(own, dialect3, find);
      const roots = known.filter((one) => one.kinds.some((kind) => kind.group === group && kind.version === version));
      return { openapi: '3.0.0', info, paths, components: { schemas: definitions(paths, roots, dialect3, find), securitySchemes: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } } } };
    },
  };
}

interface Finder {
  readonly byName: ReadonlyMap<string, Known>;
  readonly nameOf: (kind: GroupVersionKind) => string | undefined;
  readonly describe: () => Descriptions;
}

const pathsOf = (kinds: readonly AnyResource[], dialect: Dialect, { nameOf }: Finder): Record<string, Schema> =>
  Object.fromEntries(kinds.flatMap((resource) => Object.entries(resourcePaths(resource, dialect, nameOf))).sort(([left], [right]) => (left < right ? -1 : 1)));

/** Everything that the roots and the paths refer to, directly or not. */
function definitions(paths: Readonly<Record<string, Schema>>, roots: readonly Known[], dialect: Dialect, { byName, describe }: Finder): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const types = new Map<string, MessageType<unknown>>();
  const collect = (type: MessageType<unknown>): void => {
    const name = definitionName(type.typeName);
    if (types.has(name)) return;
    types.set(name, type);
    for (const { of } of Object.values(type.fields)) if (typeof of !== 'string') collect(of as MessageType<unknown>); // fields are of scalars or of types
  };
  for (const { type } of roots) collect(type);
  const text = JSON.stringify(paths);
  for (const [name, { type }] of byName) if (text.includes(`${dialect.prefix}${name}"`)) collect(type);
  const words = wording(describe());
  for (const [name, type] of types) {
    const kinds = byName.get(name)?.kinds ?? [];
    found[name] = typeSchema(type, dialect, { wording: words, isObject: kinds.length > 0, kinds });
  }
  const whole = text + JSON.stringify(found);
  for (const [name, schema] of Object.entries(namedSchemas(dialect))) if (whole.includes(`${dialect.prefix}${name}"`)) found[name] = schema;
  return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)));
}
