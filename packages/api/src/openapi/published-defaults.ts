/** What an absent field means, as far as schemas tell it: by rule the zero value of what is always written. Here are the exceptions. */
import { type MessageType, type PlannedField, zeroScalar } from '@kaji/schema';

/** Kubernetes: most defaults are told in words only. These fields, by the short names of their types, have theirs in the schema. */
const published: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AzureDiskVolumeSource: { cachingMode: 'ReadWrite', fsType: 'ext4', kind: 'Shared', readOnly: false },
  ConfigMapEnvSource: { name: '' },
  ConfigMapKeySelector: { name: '' },
  ConfigMapProjection: { name: '' },
  ConfigMapVolumeSource: { name: '' },
  ContainerPort: { protocol: 'TCP' },
  DeviceToleration: { operator: 'Equal' },
  FileKeySelector: { optional: false },
  GRPCAction: { service: '' },
  ISCSIPersistentVolumeSource: { iscsiInterface: 'default' },
  ISCSIVolumeSource: { iscsiInterface: 'default' },
  LocalObjectReference: { name: '' },
  RBDPersistentVolumeSource: { keyring: '/etc/ceph/keyring', pool: 'rbd', user: 'admin' },
  RBDVolumeSource: { keyring: '/etc/ceph/keyring', pool: 'rbd', user: 'admin' },
  ReplicationControllerSpec: { minReadySeconds: 0, replicas: 1 },
  ScaleIOPersistentVolumeSource: { fsType: 'xfs', storageMode: 'ThinProvisioned' },
  ScaleIOVolumeSource: { fsType: 'xfs', storageMode: 'ThinProvisioned' },
  ScaleSpec: { replicas: 0 },
  SecretEnvSource: { name: '' },
  SecretKeySelector: { name: '' },
  SecretProjection: { name: '' },
  ServicePort: { protocol: 'TCP' },
};

/** Required, and yet without a zero value: to leave them out is an error, not the same as to leave them empty. */
const withoutZero: Readonly<Record<string, string>> = {
  MutatingWebhook: 'sideEffects', ValidatingWebhook: 'sideEffects', DaemonSetSpec: 'selector', DeploymentSpec: 'selector', ReplicaSetSpec: 'selector', StatefulSetSpec: 'selector',
  HTTPIngressPath: 'pathType',
};

/** The default of a field in its type's schema; undefined where the schema tells none. */
export function publishedDefault(type: MessageType<unknown>, { name, field: { kind, of, options, isRequired } }: PlannedField): unknown {
  const shortName = type.typeName.slice(type.typeName.lastIndexOf('.') + 1);
  const stated = published[shortName]?.[name];
  if (stated !== undefined) return stated;
  const isWritten = (options.presence === 'always' || isRequired) && options.isNullable !== true && options.isOmittable !== true;
  if (!isWritten || withoutZero[shortName] === name) return undefined;
  if (kind === 'message') return {};
  return kind === 'scalar' && typeof of === 'string' && hasZero.has(of) ? zeroScalar(of) : undefined;
}

/** The scalars that a schema tells the zero value of. */
const hasZero: ReadonlySet<string> = new Set(['string', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'double', 'float']);
