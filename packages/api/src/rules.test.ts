import { applyDefaults, fromJson } from '@kaji/schema';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cel } from './expression-language.ts';
import { kinds } from './kinds.ts';
import { validateObjectMeta } from './meta/v1/object-meta-rules.ts';
import type { AnyResource, ApiObject } from './resource.ts';

const shared = process.env['KAJI_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const folder = join(shared, 'facts/recorded');
const skip = existsSync(folder) ? false : 'the recorded answers are not on this machine';

interface Recorded {
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}
interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly answer?: { readonly status: number; readonly body?: { readonly message?: string; readonly details?: { readonly kind?: string } } };
}

/** Kinds whose rules are complete; every recorded creation of them is compared. */
const complete = new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'Lease', 'RoleBinding', 'ClusterRoleBinding', 'Endpoints', 'Deployment', 'ReplicaSet', 'ReplicationController', 'DaemonSet', 'StatefulSet', 'PriorityClass', 'RuntimeClass', 'PodTemplate', 'Pod', 'Job', 'CronJob', 'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'StorageClass', 'VolumeAttributesClass', 'CSIDriver', 'CSINode', 'CSIStorageCapacity', 'Ingress', 'IngressClass', 'NetworkPolicy', 'IPAddress', 'ServiceCIDR', 'ResourceQuota', 'VolumeAttachment', 'PersistentVolume', 'PersistentVolumeClaim', 'EndpointSlice', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice', 'DeviceClass']);

/** Cases that differ, and why. */
const different: readonly (readonly [RegExp, string])[] = [
  [/^validate\/hpa-v1/, 'checked as the version that is stored'],
  [/persistentvolumeclaims\/source-no-|resourceclaims\/admin-access|endpointslices\/topology-bad/, 'settled or judged where the namespace and the older object are known'],
];

await cel.load();

const files = ['kinds-validate-cluster', 'kinds-validate-config', 'kinds-validate-pods', 'kinds-validate-services', 'kinds-validate-workloads'];

function kindAt(path: string): AnyResource | undefined {
  const match = /^\/(?:api|apis\/([^/]+))\/(v[0-9a-z]+)(?:\/namespaces\/[^/]+)?\/([^/]+)$/.exec(path);
  return match === null ? undefined : kinds.find(({ group, version, plural }) => group === (match[1] ?? '') && version === match[2] && plural === match[3]);
}

/** What the recording program puts into bodies when it sends them. */
const filled = (body: unknown): unknown => JSON.parse(JSON.stringify(body).replaceAll('${ns}', 'ns').replaceAll('${unique}', 'unique').replace(/\$\{repeat:(.):(\d+)\}/g, (_, text: string, times: string) => text.repeat(Number(times))));

/** Jobs have the labels and the selector that the API server gives them. */
function generateSelector(job: ApiObject & { spec?: Record<string, unknown> }): void {
  const spec = job.spec as { manualSelector?: boolean; selector?: { matchLabels?: Record<string, string> }; template: { metadata?: { labels?: Record<string, string> } } } | undefined; // a Job's
  if (spec === undefined || spec.manualSelector === true) return;
  const name = job.metadata.name ?? '';
  spec.template.metadata = { ...spec.template.metadata, labels: { 'batch.kubernetes.io/controller-uid': 'uid', 'batch.kubernetes.io/job-name': name, 'controller-uid': 'uid', 'job-name': name, ...spec.template.metadata?.labels } };
  spec.selector = { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, 'batch.kubernetes.io/controller-uid': 'uid' } };
}

/** The message of the refusal, or nothing when the object is fine. */
function refusal(resource: AnyResource, body: unknown): string {
  const object = fromJson(resource.type, body).object as ApiObject & { spec?: Record<string, unknown> }; // some kinds have a spec
  applyDefaults(resource.type, object);
  resource.defaults?.(object);
  object.metadata.uid = 'uid';
  if (resource.isNamespaced) object.metadata.namespace ??= 'ns';
  if ((object.metadata.generateName ?? '') !== '' && object.metadata.name === undefined) object.metadata.name = `${object.metadata.generateName ?? ''}abcde`;
  if (resource.kind === 'Pod' && object.spec !== undefined) object.spec['serviceAccountName'] ??= 'default';
  if (resource.kind === 'Job') generateSelector(object);
  const errors = [...validateObjectMeta(object.metadata, { isNamespaced: resource.isNamespaced, nameErrors: resource.nameErrors }), ...(resource.validate?.(object, undefined) ?? [])];
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  return texts.length === 0 ? '' : `${kind} ${JSON.stringify(object.metadata.name ?? '')} is invalid: ${texts.length === 1 ? texts[0] ?? '' : `[${texts.join(', ')}]`}`;
}

for (const file of files) {
  test(`refuses what upstream refused in ${file}, in the same words`, { skip }, () => {
    const { cases } = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as Recorded;
    const wrong: string[] = [];
    for (const { name, steps } of cases) {
      if (different.some(([pattern]) => pattern.test(name))) continue;
      for (const { method, path, body, answer } of steps) {
        const resource = kindAt(path.replaceAll('${ns}', 'ns'));
        if (method !== 'POST' || resource === undefined || !complete.has(resource.kind) || typeof body !== 'object' || (answer?.status !== 201 && answer?.status !== 422)) continue;
        if (JSON.stringify(filled(body)).includes('${')) continue; // made by the recording program while it runs
        const want = answer.status === 422 ? (answer.body?.message ?? '').replaceAll('<ns>', 'ns').replaceAll('<uid:1>', 'uid') : '';
        const got = refusal(resource, filled(body));
        if (got !== want && !want.includes('sha256')) wrong.push(`${name}\n  got  ${got}\n  want ${want}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}
