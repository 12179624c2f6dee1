// What the server keeps right by itself: the status of FlowSchemas and APIServices, and the flow control it started with.
import { ApiError, type ApiObject, isReason } from '@kaji/api';
import { customresourcedefinitions } from '@kaji/api/apiextensions/v1';
import { type APIService, apiservices } from '@kaji/api/apiregistration/v1';
import { services } from '@kaji/api/core/v1';
import { type EndpointSlice, endpointslices } from '@kaji/api/discovery/v1';
import { type FlowSchema, flowschemas, prioritylevelconfigurations } from '@kaji/api/flowcontrol/v1';
import type { Runtime } from '@kaji/base';
import { createClient, type Transport, WorkQueue } from '@kaji/client';
import { flowControlObjects } from '../bootstrap/flow-control.ts';
import { cleanupFinalizer } from '../registry/apiextensions/custom-resource-definition.ts';
import type { Reader } from '../registry/reader.ts';
import { wantedAvailable } from './api-service-status.ts';
import { revised } from './flow-control-defaults.ts';
import { wantedDangling } from './flow-schema-status.ts';

export interface UpkeepParts {
  readonly reader: Reader;
  /** The API as the server itself uses it. */
  readonly transport: Transport;
}

/** Who owns the default flow control, and who the conditions of FlowSchemas, as clients see it. */
const producer = 'api-priority-and-fairness-config-producer-v1';
const consumer = 'api-priority-and-fairness-config-consumer-v1';
/** Kubernetes: how often the default flow control is looked after. */
const defaultsEveryMs = 60_000;
const defaultsKey = 'defaults';
const flowPrefix = 'flowschema/';
const servicePrefix = 'apiservice/';
const definitionPrefix = 'definition/';
const nameLabel = 'kubernetes.io/service-name';

/** Runs until the signal. */
export async function upkeep(runtime: Runtime, parts: UpkeepParts, signal: AbortSignal): Promise<void> {
  const { reader } = parts;
  const queue = new WorkQueue(runtime.clock, runtime.random.stream('upkeep'));
  signal.addEventListener('abort', () => { queue.close(); }, { once: true });
  const wake = (prefix: string, object: ApiObject | undefined): void => { if (object !== undefined) queue.add(`${prefix}${object.metadata.name ?? ''}`); };
  reader.subscribe(flowschemas, ({ object }) => { wake(flowPrefix, object); }, signal);
  reader.subscribe(prioritylevelconfigurations, () => { for (const one of reader.list(flowschemas)) wake(flowPrefix, one); }, signal);
  reader.subscribe(apiservices, ({ object }) => { wake(servicePrefix, object); }, signal);
  reader.subscribe(customresourcedefinitions, ({ object }) => { wake(definitionPrefix, object); }, signal);
  const wakeNaming = (namespace: string | undefined, name: string | undefined): void => {
    for (const one of reader.list(apiservices)) if (one.spec.service !== undefined && one.spec.service.namespace === namespace && one.spec.service.name === name) wake(servicePrefix, one);
  };
  reader.subscribe(services, ({ object, previous }) => { wakeNaming((object ?? previous)?.metadata.namespace, (object ?? previous)?.metadata.name); }, signal);
  reader.subscribe(endpointslices, ({ object, previous }) => { wakeNaming((object ?? previous)?.metadata.namespace, (object ?? previous)?.metadata.labels?.[nameLabel]); }, signal);
  for (const one of reader.list(flowschemas)) wake(flowPrefix, one);
  for (const one of reader.list(apiservices)) wake(servicePrefix, one);
  for (const one of reader.list(customresourcedefinitions)) wake(definitionPrefix, one);
  queue.add(defaultsKey);
  await work(runtime, parts, queue);
}

async function work(runtime: Runtime, parts: UpkeepParts, queue: WorkQueue): Promise<void> {
  for (;;) {
    const key = await queue.next();
    if (key === undefined) return;
    try {
      await keep(runtime, parts, key);
      queue.forget(key);
      if (key === defaultsKey) queue.addAfter(key, defaultsEveryMs);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The object went, or was written at the same time: a gone one needs nothing, a changed one is looked at again.
      if (!isReason(error, 'NotFound')) queue.addAfterFailure(key);
    } finally {
      queue.done(key);
    }
  }
}

function keep(runtime: Runtime, parts: UpkeepParts, key: string): Promise<void> {
  const nowMs = runtime.clock.now();
  if (key === defaultsKey) return keepDefaults(parts, nowMs);
  if (key.startsWith(definitionPrefix)) return releaseDefinition(parts, key.slice(definitionPrefix.length));
  return key.startsWith(flowPrefix) ? keepFlowSchema(parts, key.slice(flowPrefix.length), nowMs) : keepApiService(parts, key.slice(servicePrefix.length), nowMs);
}

async function keepDefaults({ reader, transport }: UpkeepParts, nowMs: number): Promise<void> {
  const client = createClient(transport, { userAgent: producer });
  for (const { resource, object } of flowControlObjects(nowMs)) {
    const existing = reader.get(resource, '', object.metadata.name ?? '');
    const next = existing === undefined ? undefined : revised(existing, object);
    if (existing === undefined) await client.create(resource, object, { fieldManager: producer });
    else if (next !== undefined) await client.update(resource, next, { fieldManager: producer });
  }
}

async function keepFlowSchema({ reader, transport }: UpkeepParts, name: string, nowMs: number): Promise<void> {
  const schema = reader.get(flowschemas, '', name);
  if (schema === undefined) return;
  const condition = wantedDangling(schema, reader.get(prioritylevelconfigurations, '', schema.spec.priorityLevelConfiguration.name) !== undefined, nowMs);
  if (condition === undefined) return;
  const { apiVersion, kind, metadata } = schema as FlowSchema & ApiObject;
  const body = { apiVersion, kind, metadata: { name, uid: metadata.uid }, status: { conditions: [condition] } };
  await createClient(transport, { userAgent: consumer }).patch(flowschemas, { namespace: '', name }, { type: 'apply', body, subresource: 'status', force: true }, { fieldManager: consumer });
}

async function keepApiService({ reader, transport }: UpkeepParts, name: string, nowMs: number): Promise<void> {
  const object = reader.get(apiservices, '', name);
  if (object === undefined) return;
  const { namespace = '', name: backend = '' } = object.spec.service ?? {};
  const slices: EndpointSlice[] = [];
  if (backend !== '') for (const slice of reader.list(endpointslices, namespace)) if (slice.metadata.labels?.[nameLabel] === backend) slices.push(slice);
  const condition = wantedAvailable(object, { service: backend === '' ? undefined : reader.get(services, namespace, backend), slices }, nowMs);
  if (condition === undefined) return;
  const changed: APIService & ApiObject = structuredClone(object);
  const others = (changed.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
  await createClient(transport, { userAgent: 'kube-apiserver' }).updateStatus(apiservices, { ...changed, status: { ...changed.status, conditions: [...others, condition] } });
}

/** A deleted definition waits for its objects to go. Custom resources are not served, so there are none. */
async function releaseDefinition({ reader, transport }: UpkeepParts, name: string): Promise<void> {
  const definition = reader.get(customresourcedefinitions, '', name);
  const finalizers = definition?.metadata.finalizers ?? [];
  if (definition?.metadata.deletionTimestamp === undefined || !finalizers.includes(cleanupFinalizer)) return;
  const released = { ...definition, metadata: { ...definition.metadata, finalizers: finalizers.filter((one) => one !== cleanupFinalizer) } };
  await createClient(transport, { userAgent: 'kube-apiserver' }).update(customresourcedefinitions, released);
}
