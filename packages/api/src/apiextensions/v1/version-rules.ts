/** Rules of the versions of custom resources: their schemas, subresources, columns and selectable fields. */
import { dns1035LabelErrors, givenValue, goForm, goQuoted, isSemanticallyEqual } from '@kaji/schema';
import { duplicate, invalid, required, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { CustomResourceDefinition } from './custom-resource-definition.ts';
import { type CustomResourceColumnDefinition, type CustomResourceDefinitionSpec, CustomResourceDefinitionVersion, type CustomResourceSubresources, type JSONSchemaProps, type SelectableField } from './custom-resource-definition-spec.ts';
import { StoredExpressions } from './expression-rules.ts';
import { hasDefault, hasUnprunedDefaults } from './schema-default-rules.ts';
import { schemasWithin, someSchema } from './schema-parts.ts';
import { findPath } from './schema-path.ts';
import { hasMergedSetItems, keyErrors, type SchemaDemands, schemaErrors, schemaTypes } from './schema-rules.ts';
import { isRecognizedFormat } from './value-formats.ts';
import { structuralErrors, unstructuredSchemaProblem } from './structural-rules.ts';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const mostSelectableFields = 8;

type Version = CustomResourceDefinitionVersion;
const sharedFields = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;
type SharedField = (typeof sharedFields)[number];
const goNames: Readonly<Record<SharedField, string>> = { schema: 'Schema', subresources: 'Subresources', additionalPrinterColumns: 'AdditionalPrinterColumns', selectableFields: 'SelectableFields' };

/** What is said of versions, and what all versions say alike. Kubernetes: the server keeps that once, and tells of it as of the spec. */
export interface VersionsErrors {
  readonly own: readonly FieldError[];
  readonly shared: readonly FieldError[];
}

/** How much of a definition may be as it was, because it was so before. */
interface Demands {
  readonly schema: SchemaDemands;
  readonly spec: CustomResourceDefinitionSpec;
  readonly old: CustomResourceDefinitionSpec | undefined;
}

export function versionsErrors(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): VersionsErrors {
  const { versions } = spec;
  const demands = { schema: schemaDemands(spec, old), spec, old };
  const shared = new Set(sharedFields.filter((field) => versions.every((version) => saysTheSame(field, version, versions[0]))));
  const [first] = versions;
  const sharedForm = Object.fromEntries(Array.from(shared, (field) => [goNames[field], null]));
  const form = (): unknown => givenValue(spec, 'versions')?.map((version) => ({ ...goForm(CustomResourceDefinitionVersion, version), ...sharedForm }));
  return {
    own: [
      ...missingSchemaErrors(spec, old), ...(preservesUnknown(spec) && schemasOf(spec).some((schema) => someSchema(schema, hasDefault)) ? [invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema')] : []),
      ...versions.flatMap((version, index) => ownErrors(version, `spec.versions[${index}]`, shared, demands)),
      ...(new Set(versions.map(({ name }) => name)).size < versions.length ? [invalid('spec.versions', form(), 'must contain unique version names')] : []),
      ...(versions.filter(({ storage }) => storage).length === 1 ? [] : [invalid('spec.versions', form(), 'must have exactly one version marked as storage version')]), ...(first === undefined || first.name === '' ? [] : nameErrors(first.name, 'spec.version')),
    ],
    shared: first === undefined ? [] : [
      ...(shared.has('schema') ? schemaErrorsOf(first, 'spec.validation', versions.some(hasStatus), demands) : []), ...(shared.has('subresources') ? subresourcesErrors(first.subresources, 'spec.subresources') : []),
      ...(shared.has('additionalPrinterColumns') ? columnsErrors(first, 'spec') : []), ...(shared.has('selectableFields') ? selectableErrors(first, 'spec', shared, demands) : []),
    ],
  };
}

/** Whether two versions say the same in a field. */
function saysTheSame(field: SharedField, version: Version, other: Version | undefined): boolean {
  const alone = (of: Version | undefined): Version => ({ name: '', served: false, storage: false, [field]: of?.[field] });
  return isSemanticallyEqual(CustomResourceDefinitionVersion, alone(version), alone(other));
}

const schemaOf = ({ schema }: Version): JSONSchemaProps | undefined => schema?.openAPIV3Schema;
const schemasOf = ({ versions }: CustomResourceDefinitionSpec): JSONSchemaProps[] => versions.flatMap((version) => schemaOf(version) ?? []);
const hasStatus = ({ subresources }: Version): boolean => subresources?.status !== undefined;
const preservesUnknown = ({ preserveUnknownFields }: CustomResourceDefinitionSpec): boolean => preserveUnknownFields === true;

function missingSchemaErrors({ versions, ...spec }: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): FieldError[] {
  const mustHaveAll = old === undefined || old.versions.every((version) => schemaOf(version) !== undefined);
  if (!mustHaveAll && preservesUnknown({ versions, ...spec })) return [];
  return versions.flatMap((version, index) => (schemaOf(version) !== undefined || (!mustHaveAll && !version.served) ? [] : [required(`spec.versions[${index}].schema.openAPIV3Schema`, mustHaveAll ? '' : 'because otherwise all fields are pruned')]));
}

/** What was wrong before may stay so, for the server may have asked for less then. */
function schemaDemands(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): SchemaDemands {
  const before = old === undefined ? [] : schemasOf(old);
  const some = (isSo: (schema: JSONSchemaProps) => boolean): boolean => before.some((schema) => someSchema(schema, isSo));
  return {
    isStructural: !preservesUnknown(spec) || !before.some((schema) => unstructuredSchemaProblem(schema) !== undefined || structuralErrors(schema, '').length > 0) || schemasOf(spec).some((schema) => someSchema(schema, (part) => hasDefault(part) || hasExtensions(part))),
    knowsTypes: !some(({ type = '' }) => type !== '' && !schemaTypes.includes(type)), prunesDefaults: !before.some(hasUnprunedDefaults), hasAtomicSetItems: !some(hasMergedSetItems),
    hasSoundKeys: !some((schema) => keyErrors(schema, '').length > 0), stored: new StoredExpressions(before), allowsCost: false,
  };
}

const hasExtensions = (schema: JSONSchemaProps): boolean => (['x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string'] as const).some((name) => schema[name] === true)
  || (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-list-type'] as const).some((name) => schema[name] !== undefined)
  || (['x-kubernetes-list-map-keys', 'x-kubernetes-validations'] as const).some((name) => (schema[name] ?? []).length > 0);

function nameErrors(name: string, path: string): FieldError[] {
  const messages = dns1035LabelErrors(name);
  return messages.length === 0 ? [] : [invalid(path, name, messages.join(','))];
}

function ownErrors(version: Version, path: string, shared: ReadonlySet<SharedField>, demands: Demands): FieldError[] {
  const { name, deprecated = false, deprecationWarning, subresources } = version;
  return [
    ...nameErrors(name, `${path}.name`), ...deprecationErrors(deprecated, deprecationWarning).map((why) => invalid(`${path}.deprecationWarning`, deprecationWarning, why)),
    ...(shared.has('schema') ? [] : schemaErrorsOf(version, `${path}.schema`, hasStatus(version), demands)), ...(shared.has('subresources') ? [] : subresourcesErrors(subresources, `${path}.subresources`)),
    ...(shared.has('additionalPrinterColumns') ? [] : columnsErrors(version, path)), ...(shared.has('selectableFields') ? [] : selectableErrors(version, path, shared, demands)),
  ];
}

function schemaErrorsOf(version: Version, path: string, withStatus: boolean, { schema: demands, old }: Demands): FieldError[] {
  const schema = schemaOf(version);
  if (schema === undefined) return [];
  const before = old?.versions.find(({ name }) => name === version.name);
  return schemaErrors(schema, path, withStatus, { ...demands, allowsCost: before !== undefined && saysTheSame('schema', version, before) });
}

function selectableErrors(version: Version, path: string, shared: ReadonlySet<SharedField>, { old }: Demands): FieldError[] {
  const { selectableFields = [] } = version;
  if (selectableFields.length === 0) return [];
  const at = `${path}.selectableFields`;
  const schema = path === 'spec' && !shared.has('schema') ? undefined : path !== 'spec' && shared.has('schema') ? undefined : schemaOf(version);
  if (schema === undefined) return [invalid(at, '', path === 'spec' ? 'may only be set when validations.schema is included' : 'may only be set when `version.schema.openAPIV3Schema` is not included')];
  const problem = unstructuredSchemaProblem(schema);
  if (problem !== undefined) return [invalid(`${path}.schema.openAPIV3Schema`, '', problem)];
  const before = old?.versions.find(({ name }) => name === version.name);
  const mayBeMany = (before?.selectableFields ?? []).length > mostSelectableFields && saysTheSame('selectableFields', version, before);
  return selectableFieldErrors(selectableFields, schema, at, mayBeMany);
}

function selectableFieldErrors(fields: readonly SelectableField[], schema: JSONSchemaProps, path: string, mayBeMany: boolean): FieldError[] {
  const seen = new Set<string>();
  const errors = fields.flatMap(({ jsonPath }, index) => {
    const at = `${path}[${index}].jsonPath`;
    if (jsonPath === '') return [required(at)];
    const found = findPath(jsonPath, schema, false);
    if (typeof found === 'string') return [invalid(at, jsonPath, `is an invalid path: ${found}`)];
    const isRepeated = seen.has(found.text);
    seen.add(found.text);
    return [
      ...(found.root === 'metadata' ? [invalid(at, jsonPath, 'must not point to fields in metadata')] : []),
      ...(['string', 'boolean', 'integer'].includes(found.schema?.type ?? '') ? [] : [invalid(at, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.')]),
      ...(isRepeated ? [duplicate(at, jsonPath)] : []),
    ];
  });
  return seen.size > mostSelectableFields && !mayBeMany ? [...errors, tooMany(path, seen.size, mostSelectableFields)] : errors;
}

function deprecationErrors(isDeprecated: boolean, warning: string | undefined): string[] {
  if (warning === undefined) return [];
  if (!isDeprecated) return ['can only be set for deprecated versions'];
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  return [
    ...(bytes(warning) > 256 ? ['must be <= 256 characters long'] : []), ...(warning === '' ? ['must not be an empty string'] : []),
    ...(odd === null ? [] : [`must only contain printable UTF-8 characters; non-printable character found at index ${bytes(warning.slice(0, odd.index))}`]),
  ];
}

const isPath = (path: string): boolean => path.startsWith('.');

function subresourcesErrors(subresources: CustomResourceSubresources | undefined, path: string): FieldError[] {
  const { scale } = subresources ?? {};
  if (scale === undefined) return [];
  const check = (field: string, value: string, roots: readonly string[], where: string): FieldError[] =>
    (!isPath(value) ? [invalid(`${path}.scale.${field}`, value, 'must be a simple json path starting with .')] : roots.some((root) => value.startsWith(root)) ? [] : [invalid(`${path}.scale.${field}`, value, `should be a json path under ${where}`)]);
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = '' } = scale;
  return [
    ...(specReplicasPath === '' ? [required(`${path}.scale.specReplicasPath`)] : check('specReplicasPath', specReplicasPath, ['.spec.'], '.spec')),
    ...(statusReplicasPath === '' ? [required(`${path}.scale.statusReplicasPath`)] : check('statusReplicasPath', statusReplicasPath, ['.status.'], '.status')),
    ...(labelSelectorPath === '' ? [] : check('labelSelectorPath', labelSelectorPath, ['.spec.', '.status.'], 'either .spec or .status')),
  ];
}

const columnsErrors = ({ additionalPrinterColumns = [] }: Version, path: string): FieldError[] => additionalPrinterColumns.flatMap((column, index) => columnErrors(column, `${path}.additionalPrinterColumns[${index}]`));

function columnErrors({ name, type, format = '', jsonPath }: CustomResourceColumnDefinition, path: string): FieldError[] {
  const types = `must be one of ${columnTypes.join(',')}`;
  return [
    ...(name === '' ? [required(`${path}.name`)] : []), ...(type === '' ? [required(`${path}.type`, types)] : columnTypes.includes(type) ? [] : [invalid(`${path}.type`, type, types)]),
    ...(format === '' || columnFormats.includes(format) ? [] : [invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`)]),
    ...(jsonPath === '' ? [required(`${path}.JSONPath`)] : isPath(jsonPath) ? [] : [invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .')]),
  ];
}

/** What is said of formats that nothing is known of; those that were there before are not told again. */
export function formatWarnings({ spec }: CustomResourceDefinition, old: CustomResourceDefinition | undefined): string[] {
  const before = new Set(old === undefined ? [] : unrecognizedFormats(old.spec));
  return unrecognizedFormats(spec).filter((format) => !before.has(format)).map((format) => `unrecognized format ${goQuoted(format)}`);
}

function unrecognizedFormats({ versions }: CustomResourceDefinitionSpec): string[] {
  const shared = versions.every((version) => saysTheSame('schema', version, versions[0]));
  return (shared ? versions.slice(0, 1) : versions).flatMap((version) => {
    const schema = schemaOf(version);
    return schema === undefined ? [] : [...schemasWithin(schema)].flatMap(({ format = '', type = '' }) => (format === '' || isRecognizedFormat(format, type) ? [] : [format]));
  });
}
