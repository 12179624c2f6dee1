/** DNS messages: what a question means to the zone, and the zone's answer as bytes. */
import type { Random } from '@kaji/base';
import { AUTHORITATIVE_ANSWER, decode, encode, type Packet, type Question, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet';
import { compressed, cut } from './message-size.ts';
import type { Answer, RecordOf, RecordType } from './records.ts';

/** RFC 1035: the most that fits into a datagram when the asker says nothing else; and what resolvers agree is safe when it does. */
const plainLimitBytes = 512;
const largestLimitBytes = 1232;

const codes = { noError: 0, formatError: 1, serverFailure: 2, noSuchName: 3, notImplemented: 4 } as const;
export type ResponseCode = keyof typeof codes;

export interface Query {
  readonly id: number;
  readonly question: Question;
  readonly type: RecordType;
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly wantsRecursion: boolean;
  /** How large an answer over UDP may be. */
  readonly limitBytes: number;
  /** The asker understands EDNS, and is answered in kind. */
  readonly hasExtension: boolean;
}

const ownTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'SRV', 'PTR', 'CNAME', 'TXT', 'SOA', 'NS']);

/** Undefined for what is no question: it gets no answer, or the format error that its id allows. */
export function readQuery(bytes: Uint8Array): Query | { readonly malformedId: number } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < 12 || (buffer.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  const malformedId = buffer.readUInt16BE(0);
  try {
    const packet = decode(buffer);
    const [question, ...more] = packet.questions ?? [];
    if (question === undefined || more.length > 0 || (buffer.readUInt16BE(2) & 0x7800) !== 0) return { malformedId };
    const extension = (packet.additionals ?? []).find((each) => each.type === 'OPT');
    const offered = extension?.type === 'OPT' ? extension.udpPayloadSize : plainLimitBytes;
    return {
      id: malformedId, question,
      type: ownTypes.has(question.type) ? (question.type as RecordType) : 'OTHER', // just looked up
      name: question.name.toLowerCase().replace(/\.$/, ''),
      wantsRecursion: ((packet.flags ?? 0) & RECURSION_DESIRED) !== 0,
      limitBytes: Math.min(largestLimitBytes, Math.max(plainLimitBytes, offered)),
      hasExtension: extension !== undefined,
    };
  } catch {
    return { malformedId }; // dns-packet throws whatever its reader stumbled over
  }
}

/** The zone's answer, whole. Addresses change places from answer to answer, so that clients who take the first one spread. */
export function writeAnswer(query: Query, answer: Exclude<Answer, { kind: 'elsewhere' }>, authority: RecordOf, random: Random): Uint8Array {
  const isFound = answer.kind === 'found';
  return write(query, {
    code: answer.kind === 'noSuchName' ? 'noSuchName' : 'noError',
    isAuthoritative: true,
    answers: isFound ? shuffled(answer.answers.map((record) => (record.name === query.name ? { ...record, name: query.question.name } : record)), random) : [],
    authorities: isFound ? [] : [authority],
    additionals: isFound ? answer.additionals : [],
  });
}

export function writeFailure(query: Query, code: ResponseCode): Uint8Array {
  return write(query, { code, isAuthoritative: false, answers: [], authorities: [], additionals: [] });
}

/** The answer to what could not be read. */
export const formatError = (id: number): Uint8Array => encode({ type: 'response', id, flags: codes.formatError });

/** As the asker can take it: what is too large for a datagram is cut. */
export function fitting(query: Query, bytes: Uint8Array): Uint8Array {
  if (bytes.length <= query.limitBytes) return bytes;
  return cut(bytes, query.limitBytes, query.hasExtension ? extensionRecord : new Uint8Array(0));
}

/** EDNS: the root's name, type OPT, the size we take, no flags, no options. */
const extensionRecord = Uint8Array.of(0, 0, 41, largestLimitBytes >> 8, largestLimitBytes & 0xff, 0, 0, 0, 0, 0, 0);

/** A question of our own; the forwarder gives it its id. */
export const writeQuestion = (name: string, type: 'A' | 'AAAA'): Uint8Array => encode({ type: 'query', id: 0, flags: RECURSION_DESIRED, questions: [{ name, type }] });

/** The aliases and addresses of another server's answer. */
export function readAddresses(bytes: Uint8Array, type: 'A' | 'AAAA'): readonly RecordOf[] {
  try {
    return (decode(Buffer.from(bytes)).answers ?? []).flatMap((each): readonly RecordOf[] => (each.type === type || each.type === 'CNAME' ? [{ name: each.name, ttl: each.ttl ?? 0, type: each.type, data: each.data }] : []));
  } catch {
    return []; // not a DNS message: as good as no answer
  }
}

interface Parts {
  readonly code: ResponseCode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly RecordOf[];
  readonly authorities: readonly RecordOf[];
  readonly additionals: readonly RecordOf[];
}

function write(query: Query, { code, isAuthoritative, answers, authorities, additionals }: Parts): Uint8Array {
  const extension = query.hasExtension ? [{ type: 'OPT' as const, name: '.', udpPayloadSize: largestLimitBytes, flags: 0, flag_do: false, options: [], extendedRcode: 0, ednsVersion: 0 }] : [];
  return compressed(encode({ ...headOf(query, codes[code], isAuthoritative), answers: [...answers], authorities: [...authorities], additionals: [...additionals, ...extension] } as Packet)); // RecordOf's members are those of dns-packet's records
}

function headOf(query: Query, code: number, isAuthoritative: boolean): Packet {
  return { type: 'response', id: query.id, flags: code | RECURSION_AVAILABLE | (isAuthoritative ? AUTHORITATIVE_ANSWER : 0) | (query.wantsRecursion ? RECURSION_DESIRED : 0), questions: [query.question] };
}

function shuffled(records: readonly RecordOf[], random: Random): readonly RecordOf[] {
  const aliases = records.filter((record) => record.type === 'CNAME');
  const rest = records.filter((record) => record.type !== 'CNAME');
  for (let index = rest.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [left, right] = [rest[index], rest[other]];
    if (left !== undefined && right !== undefined) [rest[index], rest[other]] = [right, left];
  }
  return [...aliases, ...rest];
}
