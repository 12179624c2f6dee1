/**
 * What a kind's own rules say of a write. Some rules hold parts of an object against each other, and so take the square of
 * their number: of very many parts they are asked in a thread, where they hold up nobody else.
 */
import { ApiError, type ApiObject, apiVersionOf, type FieldError } from '@kaji/api';
import { encodeObject, type MessageType } from '@kaji/schema';
import { ThreadQueue } from '../server/thread-queue.ts';
import type { Call } from './call.ts';
import { kindErrors, kindWarnings, type Write } from './kind-rules.ts';

export interface RulesQuestion {
  readonly apiVersion: string;
  readonly kind: string;
  readonly subresource: string;
  /** As they are stored. */
  readonly object: Uint8Array;
  readonly old: Uint8Array | undefined;
}

export interface RulesAnswer {
  readonly errors: readonly FieldError[];
  readonly warnings: readonly string[];
}

export type RulesThread = ThreadQueue<RulesQuestion, RulesAnswer>;

export const rulesThread = (): RulesThread => new ThreadQueue<RulesQuestion, RulesAnswer>({
  name: 'rules', module: import.meta.resolve('../server/rules-thread.ts'), patienceMs: 10_000, waitingLimit: 32, tooMany: 'too many large objects are being checked',
  resourceLimits: { maxOldGenerationSizeMb: 512 },
});

/** The square of it takes some 50 ms where a rule looks at all pairs. */
const manyParts = 2048;

function hasManyParts(object: object | undefined): boolean {
  let left = manyParts;
  const count = (value: object): void => {
    for (const key in value) {
      if (--left < 0) return;
      const item = (value as Readonly<Record<string, unknown>>)[key]; // a plain object, by one of its keys
      if (typeof item === 'object' && item !== null) count(item);
    }
  };
  if (object !== undefined) count(object);
  return left < 0;
}

export interface Judgement {
  readonly errors: readonly FieldError[];
  /** Asked for where there are no errors. */
  warnings(): readonly string[];
}

export async function judge(call: Call, object: ApiObject, old: ApiObject | undefined): Promise<Judgement> {
  const { served, request, parts, pace } = call;
  const write: Write = { resource: served.stored, subresource: request.target.subresource, object, old };
  if (pace.isLong && (hasManyParts(object) || hasManyParts(old))) return judgeApart(write, parts.rules);
  return { errors: kindErrors(write), warnings: () => kindWarnings(write) };
}

async function judgeApart(write: Write, thread: RulesThread): Promise<Judgement> {
  const { object, old } = write;
  const [now, before] = [encoded(write, object), old && encoded(write, old)];
  const outcome = await thread.ask({ apiVersion: apiVersionOf(write.resource), kind: write.resource.kind, subresource: write.subresource, object: now, old: before });
  if (outcome === 'too late') throw new ApiError('RequestEntityTooLarge', 'Request entity too large: the rules of this object take too long to check');
  if ('failure' in outcome) throw new ApiError('InternalError', `the rules of this object cannot be checked: ${outcome.failure}`);
  const { errors, warnings } = outcome.answer;
  return { errors, warnings: () => warnings };
}

const encoded = ({ resource }: Write, object: ApiObject): Uint8Array => encodeObject(resource.type as MessageType<ApiObject>, { ...object, kind: resource.kind, apiVersion: apiVersionOf(resource) });
