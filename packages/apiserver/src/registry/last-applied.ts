/** The note that kubectl leaves of what it applied by itself: read when it comes to apply through the server, and kept up to date. */
import type { ApiObject } from '@kaji/api';
import { compareJson, DecodeError, differenceOf, type FieldSet, type MessageType, noFields, parseJson, statedFields, typeProblem, unionOf, valueText } from '@kaji/schema';

/** Kubernetes: only this manager's applies heed the note. */
export const kubectl = 'kubectl';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const annotationsLimitBytes = 256 * 1024;

export const lastAppliedOf = ({ metadata }: Pick<ApiObject, 'metadata'>): string => metadata.annotations?.[annotation] ?? '';

/** What the note states and nobody changed since: kubectl's to take over. Nothing where there is no note that fits. */
export function unchangedSince(type: MessageType<unknown>, apiVersion: string, note: string, live: unknown): FieldSet {
  const applied = parsed(note);
  if (typeof applied !== 'object' || applied === null || (applied as { readonly apiVersion?: unknown }).apiVersion !== apiVersion) return noFields;
  if (typeProblem(type, applied) !== undefined || typeProblem(type, live) !== undefined) return noFields;
  const { removed, modified, added } = compareJson(type, applied, live, noFields);
  return differenceOf(statedFields(type, applied), unionOf(added, unionOf(removed, modified)));
}

function parsed(note: string): unknown {
  try {
    return parseJson(new TextEncoder().encode(note)).value;
  } catch (error) {
    if (error instanceof DecodeError) return undefined; // no note of kubectl's
    throw error;
  }
}

interface WithAnnotations {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> | null };
}

/** Kubernetes: the note is left out, and null is text. */
function withoutNote({ metadata, ...rest }: WithAnnotations): unknown {
  const { annotations, ...others } = metadata ?? {};
  if (annotations === undefined || annotations === null) return { ...rest, metadata: others };
  return { ...rest, metadata: { ...others, annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== annotation).map(([key, value]) => [key, value ?? ''])) } };
}

/** Notes what was applied; a note too long for annotations is dropped. */
export function noteApplied(object: ApiObject, config: WithAnnotations): void {
  const annotations = { ...object.metadata.annotations, [annotation]: `${valueText(withoutNote(config), true)}\n` };
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (size > annotationsLimitBytes) {
    const { [annotation]: _, ...kept } = annotations;
    object.metadata.annotations = kept;
  } else object.metadata.annotations = annotations;
}
