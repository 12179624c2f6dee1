/** The thread that reads long YAML texts, one after the other. */
import { isMainThread, parentPort } from 'node:worker_threads';
import { DecodeError, parseYaml, valueText } from '@kaji/schema';
import type { YamlAnswer } from './yaml-reader.ts';

function read(source: Uint8Array): YamlAnswer {
  try {
    const { value, problems } = parseYaml(source);
    return { json: new TextEncoder().encode(valueText(value)), problems };
  } catch (error) {
    if (error instanceof DecodeError) return { refusal: error.message };
    throw error;
  }
}

// Outside a thread it is imported for its compiled code alone.
if (!isMainThread) parentPort?.on('message', (source: Uint8Array) => { parentPort?.postMessage(read(source)); });
