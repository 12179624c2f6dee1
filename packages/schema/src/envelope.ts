/** The protobuf form of whole objects: the bytes `k8s\0`, then runtime.Unknown with kind, version and the message. */
import { DecodeError } from './decode-error.ts';
import type { MessageType } from './field.ts';
import { decodeProtobuf } from './protobuf-decode.ts';
import { writeProtobuf } from './protobuf-encode.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

const magic = Uint8Array.of(0x6b, 0x38, 0x73, 0);

export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
}

export const isEnveloped = (bytes: Uint8Array): boolean => magic.every((byte, index) => bytes[index] === byte);

export function encodeEnvelope(of: { readonly apiVersion: string; readonly kind: string }, raw: Uint8Array): Uint8Array {
  return envelope(of, (writer) => { writer.bytes(raw); });
}

/** Written from its end, as all messages are: the object goes in between without a copy. */
function envelope(of: { readonly apiVersion: string; readonly kind: string }, write: (writer: ProtobufWriter) => void): Uint8Array {
  const writer = new ProtobufWriter();
  writer.textField(4, '');
  writer.textField(3, '');
  const end = writer.length;
  write(writer);
  writer.close(2, end);
  const before = writer.length;
  writer.textField(2, of.kind);
  writer.textField(1, of.apiVersion);
  writer.close(1, before);
  writer.bytes(magic);
  return writer.finish();
}

/** Throws DecodeError with upstream's words. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new DecodeError('empty data');
  if (!isEnveloped(bytes)) throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  if (bytes.length === magic.length) throw new DecodeError('empty body');
  const reader = new ProtobufReader(bytes, magic.length);
  let apiVersion = '';
  let kind = '';
  let raw: Uint8Array = new Uint8Array(0);
  while (!reader.isAtEnd) {
    const { number, wireType } = reader.tag();
    if (number === 1) {
      const meta = reader.message();
      while (!meta.isAtEnd) {
        const inner = meta.tag();
        if (inner.number === 1) apiVersion = meta.text();
        else if (inner.number === 2) kind = meta.text();
        else meta.skip(inner.wireType);
      }
    } else if (number === 2) raw = reader.bytes();
    else reader.skip(wireType);
  }
  return { apiVersion, kind, raw };
}

/** An object with its kind and apiVersion in the envelope. */
export function encodeObject<T>(type: MessageType<T>, object: T): Uint8Array {
  const { apiVersion = '', kind = '' } = object as { apiVersion?: string; kind?: string }; // objects that travel alone have both
  return envelope({ apiVersion, kind }, (writer) => { writeProtobuf(type, object, writer); });
}

/** Throws DecodeError. */
export function decodeObject<T>(type: MessageType<T>, bytes: Uint8Array): T {
  const { apiVersion, kind, raw } = decodeEnvelope(bytes);
  return { ...(kind === '' ? {} : { kind }), ...(apiVersion === '' ? {} : { apiVersion }), ...decodeProtobuf(type, raw) };
}
