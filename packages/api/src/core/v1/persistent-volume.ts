import { bool, int32, message, oneOf, quantityMap, ref, someOf, string, stringMap, strings, time } from '@kaji/schema';
import { persistentVolumeColumns } from '../../columns/storage.ts';
import { resource } from '../../resource.ts';
import { persistentVolumeWarnings, validatePersistentVolume } from './persistent-volume-rules.ts';
import { ObjectReference } from './references.ts';
import { NodeSelector } from './scheduling.ts';
import { AWSElasticBlockStoreVolumeSource, AzureDiskVolumeSource, FCVolumeSource, FlockerVolumeSource, GCEPersistentDiskVolumeSource, HostPathVolumeSource, NFSVolumeSource, PhotonPersistentDiskVolumeSource, PortworxVolumeSource, QuobyteVolumeSource, VsphereVirtualDiskVolumeSource } from './volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class GlusterfsPersistentVolumeSource extends message('k8s.io.api.core.v1.GlusterfsPersistentVolumeSource', {
  endpoints: string(1).required().with({ goName: 'EndpointsName' }),
  path: string(2).required(),
  readOnly: bool(3),
  endpointsNamespace: string(4).explicit(),
}) {}

export class SecretReference extends message('k8s.io.api.core.v1.SecretReference', {
  name: string(1),
  namespace: string(2),
}) {
  static readonly isAtomic = true;
}

export class RBDPersistentVolumeSource extends message('k8s.io.api.core.v1.RBDPersistentVolumeSource', {
  monitors: strings(1).required().atomic().with({ goName: 'CephMonitors' }),
  image: string(2).required().with({ goName: 'RBDImage' }),
  fsType: string(3),
  pool: string(4).default('rbd').with({ goName: 'RBDPool' }),
  user: string(5).default('admin').with({ goName: 'RadosUser' }),
  keyring: string(6).default('/etc/ceph/keyring'),
  secretRef: ref(7, SecretReference),
  readOnly: bool(8),
}) {}

export class ISCSIPersistentVolumeSource extends message('k8s.io.api.core.v1.ISCSIPersistentVolumeSource', {
  targetPortal: string(1).required(),
  iqn: string(2).required(),
  lun: int32(3).required(),
  iscsiInterface: string(4).default('default'),
  fsType: string(5),
  readOnly: bool(6),
  portals: strings(7).atomic(),
  chapAuthDiscovery: bool(8).with({ goName: 'DiscoveryCHAPAuth' }),
  chapAuthSession: bool(11).with({ goName: 'SessionCHAPAuth' }),
  secretRef: ref(10, SecretReference),
  initiatorName: string(12).explicit(),
}) {}

export class CinderPersistentVolumeSource extends message('k8s.io.api.core.v1.CinderPersistentVolumeSource', {
  volumeID: string(1).required(),
  fsType: string(2),
  readOnly: bool(3),
  secretRef: ref(4, SecretReference),
}) {}

export class CephFSPersistentVolumeSource extends message('k8s.io.api.core.v1.CephFSPersistentVolumeSource', {
  monitors: strings(1).required().atomic(),
  path: string(2),
  user: string(3),
  secretFile: string(4),
  secretRef: ref(5, SecretReference),
  readOnly: bool(6),
}) {}

export class FlexPersistentVolumeSource extends message('k8s.io.api.core.v1.FlexPersistentVolumeSource', {
  driver: string(1).required(),
  fsType: string(2),
  secretRef: ref(3, SecretReference),
  readOnly: bool(4),
  options: stringMap(5),
}) {}

export class AzureFilePersistentVolumeSource extends message('k8s.io.api.core.v1.AzureFilePersistentVolumeSource', {
  secretName: string(1).required(),
  shareName: string(2).required(),
  readOnly: bool(3),
  secretNamespace: string(4).explicit().nullable(),
}) {}

export class ScaleIOPersistentVolumeSource extends message('k8s.io.api.core.v1.ScaleIOPersistentVolumeSource', {
  gateway: string(1).required(),
  system: string(2).required(),
  secretRef: ref(3, SecretReference).explicit().required().nullable(),
  sslEnabled: bool(4),
  protectionDomain: string(5),
  storagePool: string(6),
  storageMode: string(7).default('ThinProvisioned'),
  volumeName: string(8),
  fsType: string(9).default('xfs'),
  readOnly: bool(10),
}) {}

export class LocalVolumeSource extends message('k8s.io.api.core.v1.LocalVolumeSource', {
  path: string(1).required(),
  fsType: string(2).explicit(),
}) {}

export class StorageOSPersistentVolumeSource extends message('k8s.io.api.core.v1.StorageOSPersistentVolumeSource', {
  volumeName: string(1),
  volumeNamespace: string(2),
  fsType: string(3),
  readOnly: bool(4),
  secretRef: ref(5, ObjectReference),
}) {}

export class CSIPersistentVolumeSource extends message('k8s.io.api.core.v1.CSIPersistentVolumeSource', {
  driver: string(1).required(),
  volumeHandle: string(2).required(),
  readOnly: bool(3),
  fsType: string(4),
  volumeAttributes: stringMap(5),
  controllerPublishSecretRef: ref(6, SecretReference),
  nodeStageSecretRef: ref(7, SecretReference),
  nodePublishSecretRef: ref(8, SecretReference),
  controllerExpandSecretRef: ref(9, SecretReference),
  nodeExpandSecretRef: ref(10, SecretReference),
}) {}

export class PersistentVolumeSource extends message('k8s.io.api.core.v1.PersistentVolumeSource', {
  gcePersistentDisk: ref(1, GCEPersistentDiskVolumeSource),
  awsElasticBlockStore: ref(2, AWSElasticBlockStoreVolumeSource),
  hostPath: ref(3, HostPathVolumeSource),
  glusterfs: ref(4, GlusterfsPersistentVolumeSource),
  nfs: ref(5, NFSVolumeSource),
  rbd: ref(6, RBDPersistentVolumeSource),
  iscsi: ref(7, ISCSIPersistentVolumeSource),
  cinder: ref(8, CinderPersistentVolumeSource),
  cephfs: ref(9, CephFSPersistentVolumeSource).with({ goName: 'CephFS' }),
  fc: ref(10, FCVolumeSource),
  flocker: ref(11, FlockerVolumeSource),
  flexVolume: ref(12, FlexPersistentVolumeSource),
  azureFile: ref(13, AzureFilePersistentVolumeSource),
  vsphereVolume: ref(14, VsphereVirtualDiskVolumeSource),
  quobyte: ref(15, QuobyteVolumeSource),
  azureDisk: ref(16, AzureDiskVolumeSource),
  photonPersistentDisk: ref(17, PhotonPersistentDiskVolumeSource),
  portworxVolume: ref(18, PortworxVolumeSource),
  scaleIO: ref(19, ScaleIOPersistentVolumeSource),
  local: ref(20, LocalVolumeSource),
  storageos: ref(21, StorageOSPersistentVolumeSource).with({ goName: 'StorageOS' }),
  csi: ref(22, CSIPersistentVolumeSource),
}) {
  static readonly goOrder = [
    'gcePersistentDisk', 'awsElasticBlockStore', 'hostPath', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'flexVolume', 'cinder', 'cephfs', 'fc', 'flocker', 'azureFile', 'vsphereVolume', 'azureDisk',
    'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'local', 'storageos', 'csi',
  ];
}

export class VolumeNodeAffinity extends message('k8s.io.api.core.v1.VolumeNodeAffinity', {
  required: ref(1, NodeSelector),
}) {}

export class PersistentVolumeSpec extends message('k8s.io.api.core.v1.PersistentVolumeSpec', {
  capacity: quantityMap(1),
  persistentVolumeSource: ref(2, PersistentVolumeSource).inline(),
  accessModes: someOf(3, 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod').atomic(),
  claimRef: ref(4, ObjectReference).with({ mapType: 'granular' }),
  persistentVolumeReclaimPolicy: oneOf(5, 'Recycle', 'Delete', 'Retain').default('Retain'),
  storageClassName: string(6),
  mountOptions: strings(7).atomic(),
  volumeMode: oneOf(8, 'Block', 'Filesystem').explicit().default('Filesystem'),
  nodeAffinity: ref(9, VolumeNodeAffinity),
  volumeAttributesClassName: string(10).explicit(),
}) {}

export class PersistentVolumeStatus extends message('k8s.io.api.core.v1.PersistentVolumeStatus', {
  phase: oneOf(1, 'Pending', 'Available', 'Bound', 'Released', 'Failed').default('Pending'),
  message: string(2),
  reason: string(3),
  lastPhaseTransitionTime: time(4).explicit(),
}) {}

export class PersistentVolume extends message('k8s.io.api.core.v1.PersistentVolume', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, PersistentVolumeSpec).present(),
  status: ref(3, PersistentVolumeStatus).always(),
}) {}

export const persistentvolumes = resource({
  group: '', version: 'v1', plural: 'persistentvolumes', singular: 'persistentvolume', kind: 'PersistentVolume', isNamespaced: false, type: PersistentVolume,
  returnsDeleted: true,
  validate: validatePersistentVolume,
  validateStatus: () => [],
  warnings: persistentVolumeWarnings,
  columns: persistentVolumeColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'whole'] } },
  shortNames: ['pv'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
