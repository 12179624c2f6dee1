import { bool, int32, int64, list, message, oneOf, quantity, ref, someOf, string, stringMap, strings } from '@kaji/schema';
import { LocalObjectReference, ObjectFieldSelector, ResourceFieldSelector, TypedLocalObjectReference, TypedObjectReference, VolumeResourceRequirements } from './references.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** What storage is asked for. */
export class PersistentVolumeClaimSpec extends message('k8s.io.api.core.v1.PersistentVolumeClaimSpec', {
  /** How the volume is to be mounted: by one node or many, to read or to write, or by one pod alone. */
  accessModes: someOf(1, 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod').atomic().named('v1.PersistentVolumeAccessMode'),
  /** Labels that the volume must have. */
  selector: ref(4, LabelSelector),
  /** How much storage is wanted. It can only grow once the claim is bound. */
  resources: ref(2, VolumeResourceRequirements).always(),
  /** Name of the PersistentVolume that the claim is bound to. */
  volumeName: string(3),
  /** Name of the StorageClass. Absent: the one marked as default; empty: none, only volumes without a class. */
  storageClassName: string(5).explicit(),
  /** Whether the volume is a file system or a raw device. Defaults to Filesystem. */
  volumeMode: oneOf(6, 'Block', 'Filesystem').explicit().default('Filesystem').named('v1.PersistentVolumeMode'),
  /** What the volume's first content comes from: a snapshot, or another claim. It is kept equal to dataSourceRef where both can say it. */
  dataSource: ref(7, TypedLocalObjectReference),
  /** What the volume's first content comes from: any object that a populator knows. */
  dataSourceRef: ref(8, TypedObjectReference),
  /** Name of the VolumeAttributesClass that sets what the volume can do. It may be changed later. Absent or empty: none. */
  volumeAttributesClassName: string(9).explicit(),
}) {}

/** A disk of Google's cloud. Its driver is taken in place of this. */
export class GCEPersistentDiskVolumeSource extends message('k8s.io.api.core.v1.GCEPersistentDiskVolumeSource', {
  /** Name of the disk. */
  pdName: string(1).required().with({ goName: 'PDName' }),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Number of the partition. 0 or absent for the whole disk. */
  partition: int32(3),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
}) {}

/** A disk of Amazon's cloud. Its driver is taken in place of this. */
export class AWSElasticBlockStoreVolumeSource extends message('k8s.io.api.core.v1.AWSElasticBlockStoreVolumeSource', {
  /** Id of the disk. */
  volumeID: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Number of the partition. 0 or absent for the whole disk. */
  partition: int32(3),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
}) {}

/** A file or directory of the node. Pods that use one see, and may break, what is not theirs. */
export class HostPathVolumeSource extends message('k8s.io.api.core.v1.HostPathVolumeSource', {
  /** Path on the node. */
  path: string(1).required(),
  /** What must be there, and whether it is made where it is not. Empty, the default, checks nothing. */
  type: oneOf(2, '', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice').explicit().default('').named('v1.HostPathType'),
}) {}

/** A directory that an NFS server exports. */
export class NFSVolumeSource extends message('k8s.io.api.core.v1.NFSVolumeSource', {
  /** Name or address of the server. */
  server: string(1).required(),
  /** Path that it exports. */
  path: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
}) {}

/** A disk on a Fibre Channel network. It is named by targetWWNs and lun, or by wwids. */
export class FCVolumeSource extends message('k8s.io.api.core.v1.FCVolumeSource', {
  /** World-wide names of the targets. */
  targetWWNs: strings(1).atomic(),
  /** Number of the unit at the target. */
  lun: int32(2).explicit(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(3),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
  /** World-wide ids of the disk. */
  wwids: strings(5).atomic(),
}) {}

/** A dataset of Flocker, which nothing serves any more. Exactly one of the two is set. */
export class FlockerVolumeSource extends message('k8s.io.api.core.v1.FlockerVolumeSource', {
  /** Name of the dataset. */
  datasetName: string(1),
  /** Id of the dataset. */
  datasetUUID: string(2),
}) {}

/** A disk of vSphere. Its driver is taken in place of this. */
export class VsphereVirtualDiskVolumeSource extends message('k8s.io.api.core.v1.VsphereVirtualDiskVolumeSource', {
  /** Path of the disk. */
  volumePath: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Name of the storage policy. */
  storagePolicyName: string(3),
  /** Id of the storage policy. */
  storagePolicyID: string(4),
}) {}

/** A volume of Quobyte, which nothing serves any more. */
export class QuobyteVolumeSource extends message('k8s.io.api.core.v1.QuobyteVolumeSource', {
  /** Addresses of the registries, host and port, with commas between. */
  registry: string(1).required(),
  /** Name of the volume. */
  volume: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
  /** User that it is mounted as. Defaults to the service account. */
  user: string(4),
  /** Group that it is mounted as. */
  group: string(5),
  /** Tenant that owns the volume. */
  tenant: string(6),
}) {}

/** A disk of Microsoft's cloud. Its driver is taken in place of this. */
export class AzureDiskVolumeSource extends message('k8s.io.api.core.v1.AzureDiskVolumeSource', {
  /** Name of the disk. */
  diskName: string(1).required(),
  /** Address of the disk's data. */
  diskURI: string(2).required().with({ goName: 'DataDiskURI' }),
  /** How the host caches. Defaults to ReadWrite. */
  cachingMode: oneOf(3, 'None', 'ReadOnly', 'ReadWrite').explicit().default('ReadWrite').named('v1.AzureDataDiskCachingMode'),
  /** Type of its file system. Defaults to ext4. */
  fsType: string(4).explicit().default('ext4'),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(5).explicit().default(false),
  /** Whether the disk lies in a shared or its own storage account, or is managed. Defaults to Shared. */
  kind: oneOf(6, 'Shared', 'Dedicated', 'Managed').explicit().default('Shared').named('v1.AzureDataDiskKind'),
}) {}

/** A disk of Photon, which nothing serves any more. */
export class PhotonPersistentDiskVolumeSource extends message('k8s.io.api.core.v1.PhotonPersistentDiskVolumeSource', {
  /** Id of the disk. */
  pdID: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
}) {}

/** A volume of Portworx. Its driver is taken in place of this. */
export class PortworxVolumeSource extends message('k8s.io.api.core.v1.PortworxVolumeSource', {
  /** Id of the volume. */
  volumeID: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
}) {}

/** A directory that is empty when the pod starts, and goes with it. */
export class EmptyDirVolumeSource extends message('k8s.io.api.core.v1.EmptyDirVolumeSource', {
  /** Empty for the node's disk, the default; Memory for a file system in memory, or HugePages for one of huge pages. */
  medium: string(1).named('v1.StorageMedium'),
  /** How much may be written to it. A pod that writes more is evicted. Absent for no limit. */
  sizeLimit: quantity(2).explicit(),
}) {}

/** A copy of a git repository, which nodes do not make any more. */
export class GitRepoVolumeSource extends message('k8s.io.api.core.v1.GitRepoVolumeSource', {
  /** Address of the repository. */
  repository: string(1).required(),
  /** Commit to take. */
  revision: string(2),
  /** Directory within the volume. Without one the repository's own name. */
  directory: string(3),
}) {}

/** An entry, and the file that it becomes. */
export class KeyToPath extends message('k8s.io.api.core.v1.KeyToPath', {
  /** Name of the entry. */
  key: string(1).required(),
  /** Path of the file within the volume. It has no element of two dots. */
  path: string(2).required(),
  /** Permissions of the file, from 0 to 0777. Absent: the volume's defaultMode. */
  mode: int32(3).explicit(),
}) {}

/** A Secret of the same namespace, as files that follow its changes. */
export class SecretVolumeSource extends message('k8s.io.api.core.v1.SecretVolumeSource', {
  /** Name of the Secret. */
  secretName: string(1),
  /** Which entries become files, and where. Absent: all, each under its own name. */
  items: list(2, KeyToPath).atomic(),
  /** Permissions of files that set none, from 0 to 0777. Defaults to 0644. */
  defaultMode: int32(3).explicit().default(0o644),
  /** Whether the pod may start while the object or the entry is not there. */
  optional: bool(4).explicit(),
}) {}

/** A disk on an iSCSI target. */
export class ISCSIVolumeSource extends message('k8s.io.api.core.v1.ISCSIVolumeSource', {
  /** Address of the target, with its port where that is not 3260. */
  targetPortal: string(1).required(),
  /** Qualified name of the target. */
  iqn: string(2).required(),
  /** Number of the unit at the target. */
  lun: int32(3).required(),
  /** Interface that is used. Defaults to default. */
  iscsiInterface: string(4).default('default'),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(5),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(6),
  /** Further addresses of the target. */
  portals: strings(7).atomic(),
  /** Whether discovery authenticates by CHAP. */
  chapAuthDiscovery: bool(8).with({ goName: 'DiscoveryCHAPAuth' }),
  /** Whether the session authenticates by CHAP. */
  chapAuthSession: bool(11).with({ goName: 'SessionCHAPAuth' }),
  /** Secret with what is needed to get at it. */
  secretRef: ref(10, LocalObjectReference),
  /** Name of the initiator. One that differs from the interface's makes an interface of its own. */
  initiatorName: string(12).explicit(),
}) {}

/** A volume of GlusterFS, which nodes do not mount any more. */
export class GlusterfsVolumeSource extends message('k8s.io.api.core.v1.GlusterfsVolumeSource', {
  /** Name of the Endpoints object with the servers. */
  endpoints: string(1).required().with({ goName: 'EndpointsName' }),
  /** Name of the volume. */
  path: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
}) {}

/** The volume that a claim of the same namespace is bound to. */
export class PersistentVolumeClaimVolumeSource extends message('k8s.io.api.core.v1.PersistentVolumeClaimVolumeSource', {
  /** Name of the claim. */
  claimName: string(1).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(2),
}) {}

/** A block device of Ceph, which nodes do not mount any more. */
export class RBDVolumeSource extends message('k8s.io.api.core.v1.RBDVolumeSource', {
  /** Addresses of the monitors. */
  monitors: strings(1).required().atomic().with({ goName: 'CephMonitors' }),
  /** Name of the device's image. */
  image: string(2).required().with({ goName: 'RBDImage' }),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(3),
  /** Pool that the image is in. Defaults to rbd. */
  pool: string(4).default('rbd').with({ goName: 'RBDPool' }),
  /** Name of the user. Defaults to admin. */
  user: string(5).default('admin').with({ goName: 'RadosUser' }),
  /** Path of the user's keyring. Defaults to /etc/ceph/keyring. */
  keyring: string(6).default('/etc/ceph/keyring'),
  /** Secret with the user's key. It wins over keyring. */
  secretRef: ref(7, LocalObjectReference),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(8),
}) {}

/** A volume of a driver that is a program on the node. A CSI driver is taken in place of this. */
export class FlexVolumeSource extends message('k8s.io.api.core.v1.FlexVolumeSource', {
  /** Name of the driver. */
  driver: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Secret with what is needed to get at it. */
  secretRef: ref(3, LocalObjectReference),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
  /** Options that the driver knows. */
  options: stringMap(5),
}) {}

/** A disk of OpenStack. Its driver is taken in place of this. */
export class CinderVolumeSource extends message('k8s.io.api.core.v1.CinderVolumeSource', {
  /** Id of the disk. */
  volumeID: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
  /** Secret with the credentials for OpenStack. */
  secretRef: ref(4, LocalObjectReference),
}) {}

/** A directory of a Ceph file system, which nodes do not mount any more. */
export class CephFSVolumeSource extends message('k8s.io.api.core.v1.CephFSVolumeSource', {
  /** Addresses of the monitors. */
  monitors: strings(1).required().atomic(),
  /** Directory within the file system. Defaults to its root. */
  path: string(2),
  /** Name of the user. Defaults to admin. */
  user: string(3),
  /** Path of the file with the user's key. Defaults to /etc/ceph/user.secret. */
  secretFile: string(4),
  /** Secret with the user's key. It wins over secretFile. */
  secretRef: ref(5, LocalObjectReference),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(6),
}) {}

/** A file with something of the pod itself. Exactly one of the two sources is set. */
export class DownwardAPIVolumeFile extends message('k8s.io.api.core.v1.DownwardAPIVolumeFile', {
  /** Path of the file within the volume. It has no element of two dots. */
  path: string(1).required(),
  /** A field of the pod: name, namespace, uid, labels or annotations. */
  fieldRef: ref(2, ObjectFieldSelector),
  /** A limit or request of a container. */
  resourceFieldRef: ref(3, ResourceFieldSelector),
  /** Permissions of the file, from 0 to 0777. Absent: the volume's defaultMode. */
  mode: int32(4).explicit(),
}) {}

/** Things of the pod itself, as files. */
export class DownwardAPIVolumeSource extends message('k8s.io.api.core.v1.DownwardAPIVolumeSource', {
  /** The files. */
  items: list(1, DownwardAPIVolumeFile).atomic(),
  /** Permissions of files that set none, from 0 to 0777. Defaults to 0644. */
  defaultMode: int32(2).explicit().default(0o644),
}) {}

/** A share of Microsoft's cloud. Its driver is taken in place of this. */
export class AzureFileVolumeSource extends message('k8s.io.api.core.v1.AzureFileVolumeSource', {
  /** Name of the Secret with the account's name and key. */
  secretName: string(1).required(),
  /** Name of the share. */
  shareName: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
}) {}

/** A ConfigMap of the same namespace, as files that follow its changes. */
export class ConfigMapVolumeSource extends message('k8s.io.api.core.v1.ConfigMapVolumeSource', {
  /** Which object. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Which entries become files, and where. Absent: all, each under its own name. */
  items: list(2, KeyToPath).atomic(),
  /** Permissions of files that set none, from 0 to 0777. Defaults to 0644. */
  defaultMode: int32(3).explicit().default(0o644),
  /** Whether the pod may start while the object or the entry is not there. */
  optional: bool(4).explicit(),
}) {}

/** Entries of a Secret, as files of a projected volume. */
export class SecretProjection extends message('k8s.io.api.core.v1.SecretProjection', {
  /** Which object. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Which entries become files, and where. Absent: all, each under its own name. */
  items: list(2, KeyToPath).atomic(),
  /** Whether the pod may start while the object or the entry is not there. */
  optional: bool(4).explicit(),
}) {}

/** Things of the pod itself, as files of a projected volume. */
export class DownwardAPIProjection extends message('k8s.io.api.core.v1.DownwardAPIProjection', {
  /** The files. */
  items: list(1, DownwardAPIVolumeFile).atomic(),
}) {}

/** Entries of a ConfigMap, as files of a projected volume. */
export class ConfigMapProjection extends message('k8s.io.api.core.v1.ConfigMapProjection', {
  /** Which object. */
  localObjectReference: ref(1, LocalObjectReference).inline(),
  /** Which entries become files, and where. Absent: all, each under its own name. */
  items: list(2, KeyToPath).atomic(),
  /** Whether the pod may start while the object or the entry is not there. */
  optional: bool(4).explicit(),
}) {}

/** A token of the pod's ServiceAccount, as a file that is kept fresh. */
export class ServiceAccountTokenProjection extends message('k8s.io.api.core.v1.ServiceAccountTokenProjection', {
  /** Who the token is for. Absent: the API server. */
  audience: string(1),
  /** For how many seconds the token holds, at least 600. It is renewed well before. Defaults to 3600. */
  expirationSeconds: int64(2).explicit().default(3600),
  /** Path of the file within the volume. */
  path: string(3).required(),
}) {}

/** Certificates of ClusterTrustBundles, as one file. It is named by name, or by signerName and labelSelector. */
export class ClusterTrustBundleProjection extends message('k8s.io.api.core.v1.ClusterTrustBundleProjection', {
  /** Name of one bundle. */
  name: string(1).explicit(),
  /** Signer whose bundles are taken. */
  signerName: string(2).explicit(),
  /** Labels of the signer's bundles that are taken. Absent: none; empty: all. */
  labelSelector: ref(3, LabelSelector),
  /** Whether the pod may start while there is none. */
  optional: bool(5).explicit(),
  /** Path of the file within the volume. */
  path: string(4).required(),
}) {}

/** A key made for the pod and a certificate for it, as files that are kept fresh. */
export class PodCertificateProjection extends message('k8s.io.api.core.v1.PodCertificateProjection', {
  /** Signer that the certificate is asked of. */
  signerName: string(1).required().omittable(),
  /** Kind of the key, such as ED25519 or RSA4096. */
  keyType: string(2).required().omittable(),
  /** For how many seconds the certificate may hold at most. Defaults to a day. */
  maxExpirationSeconds: int32(3).explicit(),
  /** Path of one file with the key and the certificates. */
  credentialBundlePath: string(4),
  /** Path of the file with the key alone. */
  keyPath: string(5),
  /** Path of the file with the certificates alone. */
  certificateChainPath: string(6),
  /** Further words for the signer, put into the request as they are. */
  userAnnotations: stringMap(7),
}) {}

/** One of the sources of a projected volume. Exactly one of them is set. */
export class VolumeProjection extends message('k8s.io.api.core.v1.VolumeProjection', {
  /** Entries of a Secret. */
  secret: ref(1, SecretProjection),
  /** Things of the pod itself. */
  downwardAPI: ref(2, DownwardAPIProjection),
  /** Entries of a ConfigMap. */
  configMap: ref(3, ConfigMapProjection),
  /** A token of the pod's ServiceAccount. */
  serviceAccountToken: ref(4, ServiceAccountTokenProjection),
  /** Certificates of ClusterTrustBundles. */
  clusterTrustBundle: ref(5, ClusterTrustBundleProjection),
  /** A key and a certificate for the pod. */
  podCertificate: ref(6, PodCertificateProjection),
}) {}

/** Several sources in one directory. */
export class ProjectedVolumeSource extends message('k8s.io.api.core.v1.ProjectedVolumeSource', {
  /** The sources. */
  sources: list(1, VolumeProjection).always().atomic(),
  /** Permissions of files that set none, from 0 to 0777. Defaults to 0644. */
  defaultMode: int32(2).explicit().default(0o644),
}) {}

/** A volume of ScaleIO, which nothing serves any more. */
export class ScaleIOVolumeSource extends message('k8s.io.api.core.v1.ScaleIOVolumeSource', {
  /** Address of the gateway. */
  gateway: string(1).required(),
  /** Name of the storage system. */
  system: string(2).required(),
  /** Secret with what is needed to get at it. */
  secretRef: ref(3, LocalObjectReference).explicit().required().nullable(),
  /** Whether the gateway is spoken to over TLS. */
  sslEnabled: bool(4),
  /** Name of the protection domain. */
  protectionDomain: string(5),
  /** Pool of the protection domain. */
  storagePool: string(6),
  /** ThickProvisioned or ThinProvisioned. Defaults to ThinProvisioned. */
  storageMode: string(7).default('ThinProvisioned'),
  /** Name of the volume. */
  volumeName: string(8),
  /** Type of its file system. Defaults to xfs. */
  fsType: string(9).default('xfs'),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(10),
}) {}

/** A volume of StorageOS, which nothing serves any more. */
export class StorageOSVolumeSource extends message('k8s.io.api.core.v1.StorageOSVolumeSource', {
  /** Name of the volume. */
  volumeName: string(1),
  /** Namespace of the volume at StorageOS. Absent: the pod's. */
  volumeNamespace: string(2),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(3),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
  /** Secret with what is needed to get at it. */
  secretRef: ref(5, LocalObjectReference),
}) {}

/** A volume that a CSI driver makes for the pod alone. */
export class CSIVolumeSource extends message('k8s.io.api.core.v1.CSIVolumeSource', {
  /** Name of the driver. */
  driver: string(1).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(2).explicit(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(3).explicit(),
  /** What the driver wants to know. */
  volumeAttributes: stringMap(4),
  /** Secret that the driver is given when it mounts the volume. */
  nodePublishSecretRef: ref(5, LocalObjectReference),
}) {}

/** What a claim that is made for a pod looks like. */
export class PersistentVolumeClaimTemplate extends message('k8s.io.api.core.v1.PersistentVolumeClaimTemplate', {
  /** Labels and annotations of the claim. Nothing else may be set. */
  metadata: ref(1, ObjectMeta).always(),
  /** What is asked for. */
  spec: ref(2, PersistentVolumeClaimSpec).required(),
}) {}

/** A volume from a claim that is made for the pod, and goes with it. */
export class EphemeralVolumeSource extends message('k8s.io.api.core.v1.EphemeralVolumeSource', {
  /** The claim. Its name is the pod's, a dash, and the volume's. */
  volumeClaimTemplate: ref(1, PersistentVolumeClaimTemplate),
}) {}

/** The files of an image, to be read only. */
export class ImageVolumeSource extends message('k8s.io.api.core.v1.ImageVolumeSource', {
  /** Name of the image. */
  reference: string(1),
  /** When it is pulled. Defaults to Always for the tag latest, and to IfNotPresent otherwise. */
  pullPolicy: oneOf(2, 'Always', 'Never', 'IfNotPresent').named('v1.PullPolicy'),
}) {}

/** What is mounted. Exactly one of them is set. */
export class VolumeSource extends message('k8s.io.api.core.v1.VolumeSource', {
  /** A file or directory of the node. */
  hostPath: ref(1, HostPathVolumeSource),
  /** A directory that goes with the pod. */
  emptyDir: ref(2, EmptyDirVolumeSource),
  /** A disk of Google's cloud. Deprecated: its driver is taken in place of this. */
  gcePersistentDisk: ref(3, GCEPersistentDiskVolumeSource),
  /** A disk of Amazon's cloud. Deprecated: its driver is taken in place of this. */
  awsElasticBlockStore: ref(4, AWSElasticBlockStoreVolumeSource),
  /** A copy of a git repository. Deprecated and not served: let an init container make it in an emptyDir. */
  gitRepo: ref(5, GitRepoVolumeSource),
  /** A Secret, as files. */
  secret: ref(6, SecretVolumeSource),
  /** A directory of an NFS server. */
  nfs: ref(7, NFSVolumeSource),
  /** A disk on an iSCSI target. */
  iscsi: ref(8, ISCSIVolumeSource),
  /** A volume of GlusterFS. Deprecated and not served. */
  glusterfs: ref(9, GlusterfsVolumeSource),
  /** The volume of a claim. */
  persistentVolumeClaim: ref(10, PersistentVolumeClaimVolumeSource),
  /** A block device of Ceph. Deprecated and not served. */
  rbd: ref(11, RBDVolumeSource),
  /** A volume of a driver on the node. Deprecated: use a CSI driver. */
  flexVolume: ref(12, FlexVolumeSource),
  /** A disk of OpenStack. Deprecated: its driver is taken in place of this. */
  cinder: ref(13, CinderVolumeSource),
  /** A directory of a Ceph file system. Deprecated and not served. */
  cephfs: ref(14, CephFSVolumeSource).with({ goName: 'CephFS' }),
  /** A dataset of Flocker. Deprecated and not served. */
  flocker: ref(15, FlockerVolumeSource),
  /** Things of the pod itself, as files. */
  downwardAPI: ref(16, DownwardAPIVolumeSource),
  /** A disk on a Fibre Channel network. */
  fc: ref(17, FCVolumeSource),
  /** A share of Microsoft's cloud. Deprecated: its driver is taken in place of this. */
  azureFile: ref(18, AzureFileVolumeSource),
  /** A ConfigMap, as files. */
  configMap: ref(19, ConfigMapVolumeSource),
  /** A disk of vSphere. Deprecated: its driver is taken in place of this. */
  vsphereVolume: ref(20, VsphereVirtualDiskVolumeSource),
  /** A volume of Quobyte. Deprecated and not served. */
  quobyte: ref(21, QuobyteVolumeSource),
  /** A disk of Microsoft's cloud. Deprecated: its driver is taken in place of this. */
  azureDisk: ref(22, AzureDiskVolumeSource),
  /** A disk of Photon. Deprecated and not served. */
  photonPersistentDisk: ref(23, PhotonPersistentDiskVolumeSource),
  /** Several sources in one directory. */
  projected: ref(26, ProjectedVolumeSource),
  /** A volume of Portworx. Deprecated: its driver is taken in place of this. */
  portworxVolume: ref(24, PortworxVolumeSource),
  /** A volume of ScaleIO. Deprecated and not served. */
  scaleIO: ref(25, ScaleIOVolumeSource),
  /** A volume of StorageOS. Deprecated and not served. */
  storageos: ref(27, StorageOSVolumeSource).with({ goName: 'StorageOS' }),
  /** A volume of a CSI driver. */
  csi: ref(28, CSIVolumeSource),
  /** A volume from a claim that goes with the pod. */
  ephemeral: ref(29, EphemeralVolumeSource),
  /** The files of an image. */
  image: ref(30, ImageVolumeSource),
}) {
  static readonly goOrder = [
    'hostPath', 'emptyDir', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'secret', 'nfs', 'iscsi', 'glusterfs', 'persistentVolumeClaim', 'rbd', 'quobyte', 'flexVolume', 'cinder', 'cephfs', 'flocker', 'downwardAPI', 'fc', 'azureFile',
    'configMap', 'vsphereVolume', 'azureDisk', 'photonPersistentDisk', 'projected', 'portworxVolume', 'scaleIO', 'storageos', 'csi', 'ephemeral', 'image',
  ];
}

/** A volume of a pod. */
export class Volume extends message('k8s.io.api.core.v1.Volume', {
  /** Name of the volume, unique within the pod. A DNS label. */
  name: string(1).required(),
  /** What it is. */
  volumeSource: ref(2, VolumeSource).inline(),
}) {}
