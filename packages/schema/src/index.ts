export { typeProblem } from './apply-check.ts';
export { mergeStated, settledFields, statedFields } from './apply-merge.ts';
export { pruned, type VersionedFields, type Versions } from './apply-prune.ts';
export { UnkeyedItem } from './apply-shape.ts';
export { compareFields, compareJson, type Comparison } from './compare-fields.ts';
export { copyOf } from './copy.ts';
export { DecodeError } from './decode-error.ts';
export { isDeepEqual } from './deep-equal.ts';
export { applyDefaults } from './defaults.ts';
export { decodeEnvelope, decodeObject, encodeEnvelope, encodeObject, type Envelope, isEnveloped } from './envelope.ts';
export {
  bool, bytes, bytesMap, double, duration, Field, type FieldKind, type FieldOptions, type Fields, fieldsV1, float, InlineField, int32, int64, intOrString, isAtomic, json,
  jsonMap, type JsonValue, list, map, message, type MessageType, microTime, oneOf, ownList, ownMap, ownRef, type Presence, quantity, quantityMap, rawExtension,
  ref, type Scalar, scalarMap, scalars, someOf, string, stringMap, strings, stringsMap, time, uint32, uint64, wrappedStrings,
} from './field.ts';
export { differenceOf, type FieldSet, fieldSetText, fieldSetOf, intersectionOf, isEmptySet, memberPaths, noFields, outsideOf, pathText, parseFieldSet, unionOf } from './field-set.ts';
export { dropField, forgetGivenEmpty, givenValue, holdsGivenEmpty, wasGivenEmpty } from './given.ts';
export { goForm, indentedText } from './go-form.ts';
export { dottedText, type IpAddress, ipAddressText, type IpPrefix, ipv6Text, isMappedAddress, isWithinPrefix, maskedAddress, parseGoAddress, parseGoPrefix } from './ip-address.ts';
export { type GoUrl, parseGoRequestUrl, parseGoUrl } from './go-url.ts';
export { decodeJson, type Decoded, fromJson } from './json-decode.ts';
export { type ReadConfiguration, readConfiguration } from './read-configuration.ts';
export { isSemanticallyEqual } from './semantic-equal.ts';
export { encodeJson, encodeJsonLine, jsonText, valueText } from './json-encode.ts';
export { isTooDeep, nameLimit, partLimit } from './body-limits.ts';
export { type JsonNotes, type ParsedJson, parseJson } from './json-parse.ts';
export { type Plan, type PlannedField, planOf, zeroMessage, zeroScalar } from './plan.ts';
export { decodeProtobuf } from './protobuf-decode.ts';
export { encodeProtobuf } from './protobuf-encode.ts';
export {
  addQuantities, canonicalQuantity, compareQuantities, formatQuantity, parseQuantity, type Quantity, type QuantityFormat, quantityMilliValue, quantityValue,
  type SmallAmount, smallAmount, subtractQuantities,
} from './quantity.ts';
export { durationNanoseconds, durationText, formatDuration, formatMicroTime, formatTime, humanDuration, normalizeTime, parseDuration, parseTime } from './time.ts';
export { type FieldSelector, type FieldTerm, formatFieldSelector, matchesFields, parseFieldSelector } from './field-selector.ts';
export {
  cIdentifierErrors, configMapKeyErrors, dns1035LabelErrors, dns1123LabelErrors, dns1123SubdomainErrors, dns1123SubdomainWithUnderscoreErrors, emptyMessage,
  envVarNameErrors, headerNameErrors, labelValueErrors, maximumLengthMessage, pathSegmentErrors, percentErrors, portNameErrors, portNumberErrors,
  qualifiedNameErrors, rangeMessage, wildcardSubdomainErrors,
} from './formats.ts';
export {
  formatSelector, type LabelSelectorObject, matchesLabels, type Operator, parseLabelSelector, type Requirement, selectEverything, selectNothing, type Selector,
  selectorOf, selectorOfLabels,
} from './label-selector.ts';
export { decodeYaml, type ParsedYaml, parseYaml } from './yaml-parse.ts';
export { encodeYaml, yamlText } from './yaml-text.ts';
export { writtenFields } from './written-fields.ts';
export { jsonPatch, jsonPatchSteps, type JsonPatchOperation, readJsonPatch } from './json-patch.ts';
export { mergePatch } from './merge-patch.ts';
export { goQuoted, goText } from './go-text.ts';
export { PatchError } from './patch-error.ts';
export { unknownFields, unstructuredProblem } from './unstructured.ts';
export { strategicMergePatch } from './strategic-merge-patch.ts';
export { unifiedDiff } from './unified-diff.ts';
