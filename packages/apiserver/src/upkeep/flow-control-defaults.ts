// Brings default flow schemas and priority levels back to what the server made them, where an administrator did not take them over. Pure.
import type { ApiObject } from '@kaji/api';
import { mandatoryFlowSchemas, mandatoryPriorityLevels, type PriorityLevelConfigurationSpec } from '@kaji/api/flowcontrol/v1';
import { isDeepEqual } from '@kaji/schema';
import { specAnnotation } from '../bootstrap/flow-control.ts';

interface WithSpec extends ApiObject {
  spec?: unknown;
}

const yes: readonly (string | undefined)[] = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const no: readonly (string | undefined)[] = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

const parsed = (text: string | undefined): boolean | undefined => (yes.includes(text) ? true : no.includes(text) ? false : undefined);

/** The object as it should be, or undefined when it is. */
export function revised<T extends ApiObject>(existing: T, wanted: T): T | undefined {
  const said = parsed(existing.metadata.annotations?.[specAnnotation]);
  // Kubernetes: one without the annotation is the server's own as long as nobody has changed it.
  const isOwn = isMandatory(wanted) || (said ?? existing.metadata.generation === 1);
  const isSpecOld = isOwn && !isDeepEqual(specOf(existing), wantedSpec(existing, wanted));
  if (said === isOwn && !isSpecOld) return undefined;
  const annotations = { ...existing.metadata.annotations, [specAnnotation]: String(isOwn) };
  return { ...existing, metadata: { ...existing.metadata, annotations }, ...(isSpecOld ? { spec: specOf(wanted) } : {}) };
}

const specOf = ({ spec }: WithSpec): unknown => spec;

const isMandatory = ({ kind, metadata: { name = '' } }: ApiObject): boolean => (kind === 'FlowSchema' ? mandatoryFlowSchemas.has(name) : mandatoryPriorityLevels.has(name));

/** Kubernetes: how much the level `exempt` lends is an administrator's to say. */
function wantedSpec(existing: WithSpec, wanted: WithSpec): unknown {
  if (wanted.kind !== 'PriorityLevelConfiguration' || wanted.metadata.name !== 'exempt') return wanted.spec;
  const { exempt } = existing.spec as PriorityLevelConfigurationSpec; // the kind says so
  return { ...(wanted.spec as PriorityLevelConfigurationSpec), ...(exempt === undefined ? {} : { exempt }) }; // likewise
}
