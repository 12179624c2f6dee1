import { bool, int32, int64, list, message, oneOf, quantity, ref, someOf, string, stringMap, strings } from '@kaji/schema';
import { LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector, TypedLocalObjectReference, TypedObjectReference, VolumeResourceRequirements } from './references.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class PersistentVolumeClaimSpec extends message('k8s.io.api.core.v1.PersistentVolumeClaimSpec', {
  accessModes: someOf(1, 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod').atomic(),
  selector: ref(4, LabelSelector),
  resources: ref(2, VolumeResourceRequirements).always(),
  volumeName: string(3),
  storageClassName: string(5).explicit(),
  volumeMode: oneOf(6, 'Block', 'Filesystem').explicit().default('Filesystem'),
  dataSource: ref(7, TypedLocalObjectReference),
  dataSourceRef: ref(8, TypedObjectReference),
  volumeAttributesClassName: string(9).explicit(),
}) {}

export class GCEPersistentDiskVolumeSource extends message('k8s.io.api.core.v1.GCEPersistentDiskVolumeSource', {
  pdName: string(1).required().with({ goName: 'PDName' }),
  fsType: string(2),
  partition: int32(3),
  readOnly: bool(4),
}) {}

export class AWSElasticBlockStoreVolumeSource extends message('k8s.io.api.core.v1.AWSElasticBlockStoreVolumeSource', {
  volumeID: string(1).required(),
  fsType: string(2),
  partition: int32(3),
  readOnly: bool(4),
}) {}

export class HostPathVolumeSource extends message('k8s.io.api.core.v1.HostPathVolumeSource', {
  path: string(1).required(),
  type: oneOf(2, '', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice').explicit().default(''),
}) {}

export class NFSVolumeSource extends message('k8s.io.api.core.v1.NFSVolumeSource', {
  server: string(1).required(),
  path: string(2).required(),
  readOnly: bool(3),
}) {}

export class FCVolumeSource extends message('k8s.io.api.core.v1.FCVolumeSource', {
  targetWWNs: strings(1).atomic(),
  lun: int32(2).explicit(),
  fsType: string(3),
  readOnly: bool(4),
  wwids: strings(5).atomic(),
}) {}

export class FlockerVolumeSource extends message('k8s.io.api.core.v1.FlockerVolumeSource', {
  datasetName: string(1),
  datasetUUID: string(2),
}) {}

export class VsphereVirtualDiskVolumeSource extends message('k8s.io.api.core.v1.VsphereVirtualDiskVolumeSource', {
  volumePath: string(1).required(),
  fsType: string(2),
  storagePolicyName: string(3),
  storagePolicyID: string(4),
}) {}

export class QuobyteVolumeSource extends message('k8s.io.api.core.v1.QuobyteVolumeSource', {
  registry: string(1).required(),
  volume: string(2).required(),
  readOnly: bool(3),
  user: string(4),
  group: string(5),
  tenant: string(6),
}) {}

export class AzureDiskVolumeSource extends message('k8s.io.api.core.v1.AzureDiskVolumeSource', {
  diskName: string(1).required(),
  diskURI: string(2).required().with({ goName: 'DataDiskURI' }),
  cachingMode: oneOf(3, 'None', 'ReadOnly', 'ReadWrite').explicit(),
  fsType: string(4).explicit().default('ext4'),
  readOnly: bool(5).explicit().default(false),
  kind: oneOf(6, 'Shared', 'Dedicated', 'Managed').explicit(),
}) {}

export class PhotonPersistentDiskVolumeSource extends message('k8s.io.api.core.v1.PhotonPersistentDiskVolumeSource', {
  pdID: string(1).required(),
  fsType: string(2),
}) {}

export class PortworxVolumeSource extends message('k8s.io.api.core.v1.PortworxVolumeSource', {
  volumeID: string(1).required(),
  fsType: string(2),
  readOnly: bool(3),
}) {}

export class EmptyDirVolumeSource extends message('k8s.io.api.core.v1.EmptyDirVolumeSource', {
  medium: string(1),
  sizeLimit: quantity(2).explicit(),
}) {}

export class GitRepoVolumeSource extends message('k8s.io.api.core.v1.GitRepoVolumeSource', {
  repository: string(1).required(),
  revision: string(2),
  directory: string(3),
}) {}

export class KeyToPath extends message('k8s.io.api.core.v1.KeyToPath', {
  key: string(1).required(),
  path: string(2).required(),
  mode: int32(3).explicit(),
}) {}

export class SecretVolumeSource extends message('k8s.io.api.core.v1.SecretVolumeSource', {
  secretName: string(1),
  items: list(2, KeyToPath).atomic(),
  defaultMode: int32(3).explicit().default(0o644),
  optional: bool(4).explicit(),
}) {}

export class ISCSIVolumeSource extends message('k8s.io.api.core.v1.ISCSIVolumeSource', {
  targetPortal: string(1).required(),
  iqn: string(2).required(),
  lun: int32(3).required(),
  iscsiInterface: string(4).default('default'),
  fsType: string(5),
  readOnly: bool(6),
  portals: strings(7).atomic(),
  chapAuthDiscovery: bool(8).with({ goName: 'DiscoveryCHAPAuth' }),
  chapAuthSession: bool(11).with({ goName: 'SessionCHAPAuth' }),
  secretRef: ref(10, LocalObjectReference),
  initiatorName: string(12).explicit(),
}) {}

export class GlusterfsVolumeSource extends message('k8s.io.api.core.v1.GlusterfsVolumeSource', {
  endpoints: string(1).required().with({ goName: 'EndpointsName' }),
  path: string(2).required(),
  readOnly: bool(3),
}) {}

export class PersistentVolumeClaimVolumeSource extends message('k8s.io.api.core.v1.PersistentVolumeClaimVolumeSource', {
  claimName: string(1).required(),
  readOnly: bool(2),
}) {}

export class RBDVolumeSource extends message('k8s.io.api.core.v1.RBDVolumeSource', {
  monitors: strings(1).required().atomic().with({ goName: 'CephMonitors' }),
  image: string(2).required().with({ goName: 'RBDImage' }),
  fsType: string(3),
  pool: string(4).default('rbd').with({ goName: 'RBDPool' }),
  user: string(5).default('admin').with({ goName: 'RadosUser' }),
  keyring: string(6).default('/etc/ceph/keyring'),
  secretRef: ref(7, LocalObjectReference),
  readOnly: bool(8),
}) {}

export class FlexVolumeSource extends message('k8s.io.api.core.v1.FlexVolumeSource', {
  driver: string(1).required(),
  fsType: string(2),
  secretRef: ref(3, LocalObjectReference),
  readOnly: bool(4),
  options: stringMap(5),
}) {}

export class CinderVolumeSource extends message('k8s.io.api.core.v1.CinderVolumeSource', {
  volumeID: string(1).required(),
  fsType: string(2),
  readOnly: bool(3),
  secretRef: ref(4, LocalObjectReference),
}) {}

export class CephFSVolumeSource extends message('k8s.io.api.core.v1.CephFSVolumeSource', {
  monitors: strings(1).required().atomic(),
  path: string(2),
  user: string(3),
  secretFile: string(4),
  secretRef: ref(5, LocalObjectReference),
  readOnly: bool(6),
}) {}

export class DownwardAPIVolumeFile extends message('k8s.io.api.core.v1.DownwardAPIVolumeFile', {
  path: string(1).required(),
  fieldRef: ref(2, ObjectFieldSelector),
  resourceFieldRef: ref(3, ResourceFieldSelector),
  mode: int32(4).explicit(),
}) {}

export class DownwardAPIVolumeSource extends message('k8s.io.api.core.v1.DownwardAPIVolumeSource', {
  items: list(1, DownwardAPIVolumeFile).atomic(),
  defaultMode: int32(2).explicit().default(0o644),
}) {}

export class AzureFileVolumeSource extends message('k8s.io.api.core.v1.AzureFileVolumeSource', {
  secretName: string(1).required(),
  shareName: string(2).required(),
  readOnly: bool(3),
}) {}

export class ConfigMapVolumeSource extends message('k8s.io.api.core.v1.ConfigMapVolumeSource', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  items: list(2, KeyToPath).atomic(),
  defaultMode: int32(3).explicit().default(0o644),
  optional: bool(4).explicit(),
}) {}

export class SecretProjection extends message('k8s.io.api.core.v1.SecretProjection', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  items: list(2, KeyToPath).atomic(),
  optional: bool(4).explicit(),
}) {}

export class DownwardAPIProjection extends message('k8s.io.api.core.v1.DownwardAPIProjection', {
  items: list(1, DownwardAPIVolumeFile).atomic(),
}) {}

export class ConfigMapProjection extends message('k8s.io.api.core.v1.ConfigMapProjection', {
  localObjectReference: ref(1, LocalObjectReference).inline(),
  items: list(2, KeyToPath).atomic(),
  optional: bool(4).explicit(),
}) {}

export class ServiceAccountTokenProjection extends message('k8s.io.api.core.v1.ServiceAccountTokenProjection', {
  audience: string(1),
  expirationSeconds: int64(2).explicit().default(3600),
  path: string(3).required(),
}) {}

export class ClusterTrustBundleProjection extends message('k8s.io.api.core.v1.ClusterTrustBundleProjection', {
  name: string(1).explicit(),
  signerName: string(2).explicit(),
  labelSelector: ref(3, LabelSelector),
  optional: bool(5).explicit(),
  path: string(4).required(),
}) {}

export class PodCertificateProjection extends message('k8s.io.api.core.v1.PodCertificateProjection', {
  signerName: string(1).required().omittable(),
  keyType: string(2).required().omittable(),
  maxExpirationSeconds: int32(3).explicit(),
  credentialBundlePath: string(4),
  keyPath: string(5),
  certificateChainPath: string(6),
  userAnnotations: stringMap(7),
}) {}

export class VolumeProjection extends message('k8s.io.api.core.v1.VolumeProjection', {
  secret: ref(1, SecretProjection),
  downwardAPI: ref(2, DownwardAPIProjection),
  configMap: ref(3, ConfigMapProjection),
  serviceAccountToken: ref(4, ServiceAccountTokenProjection),
  clusterTrustBundle: ref(5, ClusterTrustBundleProjection),
  podCertificate: ref(6, PodCertificateProjection),
}) {}

export class ProjectedVolumeSource extends message('k8s.io.api.core.v1.ProjectedVolumeSource', {
  sources: list(1, VolumeProjection).always().atomic(),
  defaultMode: int32(2).explicit().default(0o644),
}) {}

export class ScaleIOVolumeSource extends message('k8s.io.api.core.v1.ScaleIOVolumeSource', {
  gateway: string(1).required(),
  system: string(2).required(),
  secretRef: ref(3, LocalObjectReference).explicit().required().nullable(),
  sslEnabled: bool(4),
  protectionDomain: string(5),
  storagePool: string(6),
  storageMode: string(7).default('ThinProvisioned'),
  volumeName: string(8),
  fsType: string(9).default('xfs'),
  readOnly: bool(10),
}) {}

export class StorageOSVolumeSource extends message('k8s.io.api.core.v1.StorageOSVolumeSource', {
  volumeName: string(1),
  volumeNamespace: string(2),
  fsType: string(3),
  readOnly: bool(4),
  secretRef: ref(5, LocalObjectReference),
}) {}

export class CSIVolumeSource extends message('k8s.io.api.core.v1.CSIVolumeSource', {
  driver: string(1).required(),
  readOnly: bool(2).explicit(),
  fsType: string(3).explicit(),
  volumeAttributes: stringMap(4),
  nodePublishSecretRef: ref(5, LocalObjectReference),
}) {}

export class PersistentVolumeClaimTemplate extends message('k8s.io.api.core.v1.PersistentVolumeClaimTemplate', {
  metadata: ref(1, ObjectMeta).always(),
  spec: ref(2, PersistentVolumeClaimSpec).required(),
}) {}

export class EphemeralVolumeSource extends message('k8s.io.api.core.v1.EphemeralVolumeSource', {
  volumeClaimTemplate: ref(1, PersistentVolumeClaimTemplate),
}) {}

export class ImageVolumeSource extends message('k8s.io.api.core.v1.ImageVolumeSource', {
  reference: string(1),
  pullPolicy: oneOf(2, 'Always', 'Never', 'IfNotPresent'),
}) {}

export class VolumeSource extends message('k8s.io.api.core.v1.VolumeSource', {
  hostPath: ref(1, HostPathVolumeSource),
  emptyDir: ref(2, EmptyDirVolumeSource),
  gcePersistentDisk: ref(3, GCEPersistentDiskVolumeSource),
  awsElasticBlockStore: ref(4, AWSElasticBlockStoreVolumeSource),
  gitRepo: ref(5, GitRepoVolumeSource),
  secret: ref(6, SecretVolumeSource),
  nfs: ref(7, NFSVolumeSource),
  iscsi: ref(8, ISCSIVolumeSource),
  glusterfs: ref(9, GlusterfsVolumeSource),
  persistentVolumeClaim: ref(10, PersistentVolumeClaimVolumeSource),
  rbd: ref(11, RBDVolumeSource),
  flexVolume: ref(12, FlexVolumeSource),
  cinder: ref(13, CinderVolumeSource),
  cephfs: ref(14, CephFSVolumeSource).with({ goName: 'CephFS' }),
  flocker: ref(15, FlockerVolumeSource),
  downwardAPI: ref(16, DownwardAPIVolumeSource),
  fc: ref(17, FCVolumeSource),
  azureFile: ref(18, AzureFileVolumeSource),
  configMap: ref(19, ConfigMapVolumeSource),
  vsphereVolume: ref(20, VsphereVirtualDiskVolumeSource),
  quobyte: ref(21, QuobyteVolumeSource),
  azureDisk: ref(22, AzureDiskVolumeSource),
  photonPersistentDisk: ref(23, PhotonPersistentDiskVolumeSource),
  projected: ref(26, ProjectedVolumeSource),
  portworxVolume: ref(24, PortworxVolumeSource),
  scaleIO: ref(25, ScaleIOVolumeSource),
  storageos: ref(27, StorageOSVolumeSource).with({ goName: 'StorageOS' }),
  csi: ref(28, CSIVolumeSource),
  ephemeral: ref(29, EphemeralVolumeSource),
  image: ref(30, ImageVolumeSource),
}) {}

export class Volume extends message('k8s.io.api.core.v1.Volume', {
  name: string(1).required(),
  volumeSource: ref(2, VolumeSource).inline(),
}) {}
