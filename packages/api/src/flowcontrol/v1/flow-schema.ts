import { list, message, ref, string, time } from '@kaji/schema';
import { flowSchemaColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateFlowSchema, validateFlowSchemaStatus } from './flow-schema-rules.ts';
import { FlowSchemaSpec } from './flow-schema-spec.ts';

/** Something that holds of a schema. */
export class FlowSchemaCondition extends message('k8s.io.api.flowcontrol.v1.FlowSchemaCondition', {
  /** What is said, such as Dangling. */
  type: string(1).named('v1.FlowSchemaConditionType'),
  /** True, False or Unknown. */
  status: string(2).named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** What is known of a schema. */
export class FlowSchemaStatus extends message('k8s.io.api.flowcontrol.v1.FlowSchemaStatus', {
  /** What holds of it now. */
  conditions: list(1, FlowSchemaCondition).mapBy('type').mergeBy('type'),
}) {}

/** Sorts requests into flows of a level of priority. */
export class FlowSchema extends message('k8s.io.api.flowcontrol.v1.FlowSchema', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Which requests it takes, and where they go. */
  spec: ref(2, FlowSchemaSpec).present(),
  /** What is known of it. */
  status: ref(3, FlowSchemaStatus).always(),
}) {}

export const flowschemas = resource({
  group: 'flowcontrol.apiserver.k8s.io', version: 'v1', plural: 'flowschemas', singular: 'flowschema', kind: 'FlowSchema', isNamespaced: false, type: FlowSchema,
  columns: flowSchemaColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] } },
  validate: validateFlowSchema,
  validateStatus: validateFlowSchemaStatus,
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
