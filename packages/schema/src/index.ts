export {
  bool, bytes, bytesMap, double, duration, Field, type FieldKind, type FieldOptions, type Fields, fieldsV1, float, int32, int64, intOrString, json, jsonMap,
  type JsonValue, list, map, message, type MessageType, microTime, oneOf, type Presence, quantity, quantityMap, rawExtension, ref, type Scalar, scalarMap,
  scalars, someOf, string, stringMap, strings, stringsMap, time, uint32, uint64, wrappedStrings,
} from './field.ts';
