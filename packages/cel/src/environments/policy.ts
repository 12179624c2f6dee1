/** What expressions of admission policies and of webhooks' conditions may name. */
import { jsonPatches } from '../declarations/kubernetes.ts';
import type { Environment, TypeSource } from '../environment.ts';
import { dynType, listType, mapType, namelessType, objectType, parameter, stringType, type Type } from '../type.ts';
import { baseEnvironment, type Age } from './base.ts';
import { declaredTypes, objectTypes } from './declared-objects.ts';

export interface PolicyNames {
  /** `params`: where a kind of parameters is named. */
  readonly hasParams: boolean;
  /** `authorizer`, which costs a question to it. */
  readonly hasAuthorizer: boolean;
  /** What mutations are made of: `Object{...}`, `JSONPatch{...}`. */
  readonly hasPatches: boolean;
  /** The types of `variables.*` so far; absent where there can be none. */
  readonly variables?: ReadonlyMap<string, Type> | undefined;
}

const requestTypes = declaredTypes({
  'kubernetes.AdmissionRequest': 'kind GroupVersionKind; resource GroupVersionResource; subResource string; requestKind GroupVersionKind; requestResource GroupVersionResource; requestSubResource string; name string; namespace string; operation string; userInfo UserInfo; dryRun bool; options dyn',
  'kubernetes.GroupVersionKind': 'group string; version string; kind string',
  'kubernetes.GroupVersionResource': 'group string; version string; resource string',
  'kubernetes.UserInfo': 'username string; uid string; groups list(string); extra map(string, list(string))',
});

const namespaceTypes = declaredTypes({
  'kubernetes.Namespace': 'metadata NamespaceMetadata; spec NamespaceSpec; status NamespaceStatus',
  'kubernetes.NamespaceMetadata': 'name string; generateName string; namespace string; labels map(string, string); annotations map(string, string); UID string; creationTimestamp timestamp; deletionGracePeriodSeconds int; deletionTimestamp timestamp; generation int; resourceVersion string; finalizers list(string)',
  'kubernetes.NamespaceSpec': 'finalizers list(string)',
  'kubernetes.NamespaceStatus': 'conditions list(NamespaceCondition); phase string',
  'kubernetes.NamespaceCondition': 'status string; type string; lastTransitionTime timestamp; message string; reason string',
});

const objectsOf = 'Object';
const patchFields: ReadonlyMap<string, Type> = new Map([['op', stringType], ['path', stringType], ['from', stringType], ['value', dynType]]);

/** The objects that mutations make: any field may be set of `Object` and of the objects within it, of which nothing is known. */
const patchTypes: TypeSource = {
  find: (name) => (name === 'JSONPatch' || name === objectsOf || name.startsWith(`${objectsOf}.`) ? objectType(name) : undefined),
  field: (typeName, field) => (typeName === 'JSONPatch' ? patchFields.get(field) ?? namelessType : dynType),
};

const variablesType = 'kubernetes.variables';

/** The environment of such an expression. */
export function policyEnvironment(age: Age, { hasParams, hasAuthorizer, hasPatches, variables }: PolicyNames): Environment {
  const base = variables === undefined ? baseEnvironment(age) : baseEnvironment(age).extend({ variables: { variables: objectType(variablesType) }, types: objectTypes(variablesType, variables) });
  const named = base.extend({ types: namespaceTypes }).extend({
    types: requestTypes,
    variables: {
      object: dynType, oldObject: dynType, namespaceObject: objectType('kubernetes.Namespace'), request: objectType('kubernetes.AdmissionRequest'),
      ...(hasParams ? { params: dynType } : {}),
      ...(hasAuthorizer ? { authorizer: objectType('kubernetes.authorization.Authorizer'), 'authorizer.requestResource': objectType('kubernetes.authorization.ResourceCheck') } : {}),
    },
  });
  return hasPatches ? named.extend({ types: patchTypes, libraries: [jsonPatches] }) : named;
}

/** What later expressions know of a variable's type. Kubernetes: only simple types, lists and maps keep theirs; one that did not compile may be anything. */
export function variableType(type: Type | undefined): Type {
  switch (type?.kind) {
    case 'list': return listType(variableType(parameter(type, 0)));
    case 'map': return mapType(variableType(parameter(type, 0)), variableType(parameter(type, 1)));
    case 'any': case 'bool': case 'bytes': case 'double': case 'duration': case 'int': case 'null': case 'string': case 'timestamp': case 'uint': return type.isNullable ? dynType : type;
    default: return dynType;
  }
}
