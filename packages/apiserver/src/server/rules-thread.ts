/** The thread that checks objects of very many parts, one after the other. */
import { isMainThread, parentPort } from 'node:worker_threads';
import { apiVersionOf } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import { loadAll } from '@kaji/base';
import { decodeObject } from '@kaji/schema';
import { kindErrors, kindWarnings } from '../registry/kind-rules.ts';
import type { RulesAnswer, RulesQuestion } from '../registry/judge.ts';

async function judged({ apiVersion, kind, subresource, object, old }: RulesQuestion): Promise<RulesAnswer> {
  const resource = kinds.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
  if (resource === undefined) throw new Error(`no kind ${apiVersion}/${kind}`);
  const [now, before] = [object, old].map((bytes) => {
    const read = bytes && decodeObject(resource.type, bytes);
    if (read !== undefined) resource.restore?.(read);
    return read;
  });
  if (now === undefined) throw new Error('there is always an object');
  await loadAll(resource.needs ?? []);
  const write = { resource, subresource, object: now, old: before };
  const errors = kindErrors(write);
  return { errors, warnings: errors.length > 0 ? [] : kindWarnings(write) };
}

// Outside a thread it is imported for its compiled code alone.
if (!isMainThread) parentPort?.on('message', (question: RulesQuestion) => { void judged(question).then((judgement) => { parentPort?.postMessage(judgement); }); }); // an error ends the thread
