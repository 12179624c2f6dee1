/** The OpenAPI documents of what is served: one of everything (2.0), and many small ones (3.0), a group and version each. */
import { type MessageType, planOf } from '@kaji/schema';
import { Scale } from '../autoscaling/v1/scale.ts';
import { TokenRequest } from '../authentication/v1/token-request.ts';
import { listTypeOf } from '../list-type.ts';
import { APIGroup, APIGroupList, APIResourceList, APIVersions } from '../meta/v1/discovery.ts';
import { DeleteOptions } from '../meta/v1/options.ts';
import { Status } from '../meta/v1/status.ts';
import { VersionInfo } from '../meta/v1/version-info.ts';
import { WatchEvent } from '../meta/v1/watch-event.ts';
import { Eviction } from '../policy/v1/eviction.ts';
import { type AnyResource, apiVersionOf, type GroupVersionKind } from '../resource.ts';
import type { Descriptions } from './descriptions.ts';
import type { Operation, Operations } from './operation.ts';
import { type Paths, renderPaths } from './paths.ts';
import { resourceOperations } from './resource-operations.ts';
import { groupOperation, rootOperations, versionOperation } from './root-operations.ts';
import { unservedVersions } from './unserved-versions.ts';
import { definitionName, type Dialect, dialect2, dialect3, namedSchemas, type Schema, typeSchema } from './type-schema.ts';
import { wording } from './wording.ts';

export interface OpenApiSource {
  v2(): Schema;
  /** Names of the documents of version 3, which are also paths: `api`, `api/v1`, `apis/apps`, `version`. In order. */
  readonly v3Names: readonly string[];
  v3(name: string): Schema | undefined;
}

interface Known {
  readonly type: MessageType<unknown>;
  readonly kinds: readonly GroupVersionKind[];
  /** Whether values of it have kind and apiVersion. */
  readonly isObject: boolean;
}

/** Bodies that are no resources. */
const others: readonly Known[] = [
  ...([
    [Scale, 'autoscaling', 'Scale'], [Eviction, 'policy', 'Eviction'], [TokenRequest, 'authentication.k8s.io', 'TokenRequest'],
    [APIGroup, '', 'APIGroup'], [APIGroupList, '', 'APIGroupList'], [APIResourceList, '', 'APIResourceList'], [APIVersions, '', 'APIVersions'], [Status, '', 'Status'],
  ] as const).map(([type, group, kind]): Known => ({ type, kinds: [{ group, version: 'v1', kind }], isObject: true })),
  { type: VersionInfo, kinds: [], isObject: false },
];

const keyOf = ({ group, version, kind }: GroupVersionKind): string => `${group}/${version}/${kind}`;

const securitySchemes = { BearerToken: { description: 'The token of a user or a service account, after the word Bearer.', type: 'apiKey', name: 'authorization', in: 'header' } };

interface Part {
  readonly operations: Operations;
  /** Whose kinds the types of every group have here. */
  readonly versions: readonly GroupVersion[];
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Makes documents of these kinds, described so; every call makes them anew, so keep what you get. */
export function openApiSource(kinds: readonly AnyResource[], versionText: string, describe: () => Descriptions): OpenApiSource {
  const served = [...new Map(kinds.map(({ group, version }) => [apiVersionOf({ group, version }), { group, version }])).values()];
  const everywhere = (kind: string, of: readonly GroupVersion[]): GroupVersionKind[] => of.map(({ group, version }) => ({ group, version, kind }));
  const listed = (resource: AnyResource): Known[] => (resource.verbs.includes('list') ? [{ type: listTypeOf(resource.type) as MessageType<unknown>, kinds: [{ ...gv(resource), kind: `${resource.kind}List` }], isObject: true }] : []);
  const gv = ({ group, version }: GroupVersion): GroupVersion => ({ group, version });
  const fixed: readonly Known[] = [...kinds.flatMap((resource): Known[] => [{ type: resource.type, kinds: [{ ...gv(resource), kind: resource.kind }], isObject: true }, ...listed(resource)]), ...others];
  const names = new Map(fixed.flatMap((one) => one.kinds.map((kind) => [keyOf(kind), definitionName(one.type.typeName)] as const)));
  const nameOf = (kind: GroupVersionKind): string | undefined => names.get(keyOf(kind));
  const parts = partsOf(kinds, served, nameOf);
  const info = { title: 'Kubernetes', version: versionText };
  const render = ({ operations, versions }: Part, dialect: Dialect): { readonly rendered: Paths; readonly schemas: Record<string, Schema> } => {
    const rendered = renderPaths(operations, dialect);
    const known: readonly Known[] = [...fixed, { type: DeleteOptions, kinds: everywhere('DeleteOptions', versions), isObject: true }, { type: WatchEvent, kinds: everywhere('WatchEvent', versions), isObject: false }];
    return { rendered, schemas: definitions(JSON.stringify(rendered), known, dialect, describe()) };
  };
  return {
    v2() {
      const versions = [...served, ...unservedVersions].sort((left, right) => (left.group < right.group || (left.group === right.group && left.version < right.version) ? -1 : 1));
      const { rendered: { paths, parameters }, schemas } = render({ operations: new Map([...parts.values()].flatMap(({ operations }) => [...operations])), versions }, dialect2);
      return { swagger: '2.0', info, paths, definitions: schemas, parameters, securityDefinitions: securitySchemes, security: [{ BearerToken: [] }] };
    },
    v3Names: [...parts.keys()].sort(),
    v3(name) {
      const part = parts.get(name);
      if (part === undefined) return undefined;
      const { rendered: { paths }, schemas } = render(part, dialect3);
      return { openapi: '3.0.0', info, paths, components: { ...(Object.keys(schemas).length === 0 ? {} : { schemas }), securitySchemes } };
    },
  };
}

const core: GroupVersion = { group: '', version: 'v1' };

/** What each document of version 3 tells of; together they are all there is. */
function partsOf(kinds: readonly AnyResource[], served: readonly GroupVersion[], nameOf: (kind: GroupVersionKind) => string | undefined): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  const single = (name: string, operation: Operation): Map<string, Part> => parts.set(name, { operations: new Map([[`/${name}/`, [operation]]]), versions: [core] });
  for (const [name, operation] of Object.entries(rootOperations)) single(name, operation);
  for (const of of served) {
    const { group, version } = of;
    if (group !== '') single(`apis/${group}`, groupOperation(group));
    const name = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    const own = kinds.filter((resource) => resource.group === group && resource.version === version);
    const operations = new Map([[`/${name}/`, [versionOperation(group, version)]], ...own.flatMap((resource) => [...resourceOperations(resource, nameOf)])]);
    parts.set(name, { operations, versions: group === '' ? [core] : [core, of] });
  }
  return parts;
}

/** Everything that the paths refer to, directly or not. */
function definitions(paths: string, known: readonly Known[], dialect: Dialect, descriptions: Descriptions): Record<string, Schema> {
  const byName = new Map(known.map((one) => [definitionName(one.type.typeName), one]));
  const types = new Map<string, MessageType<unknown>>();
  const collect = (type: MessageType<unknown>): void => {
    const name = definitionName(type.typeName);
    if (types.has(name)) return;
    types.set(name, type);
    for (const { field: { of } } of planOf(type).fields) if (typeof of !== 'string') collect(of as MessageType<unknown>); // fields are of scalars or of types
  };
  for (const [name, { type }] of byName) if (paths.includes(`${dialect.prefix}${name}"`)) collect(type);
  const words = wording(descriptions);
  const found = new Map<string, Schema>();
  for (const [name, type] of types) {
    const { kinds = [], isObject = false } = byName.get(name) ?? {};
    found.set(name, typeSchema(type, dialect, { wording: words, isObject, kinds }));
  }
  const whole = paths + JSON.stringify([...found.values()]);
  for (const [name, schema] of Object.entries(namedSchemas(dialect))) if (whole.includes(`${dialect.prefix}${name}"`)) found.set(name, schema);
  return Object.fromEntries([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}
