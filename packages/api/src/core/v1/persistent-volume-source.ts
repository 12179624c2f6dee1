/** What a volume is, and where it lies. */
import { bool, int32, message, oneOf, quantityMap, ref, someOf, string, stringMap, strings } from '@kaji/schema';
import { ObjectReference } from './references.ts';
import { NodeSelector } from './scheduling.ts';
import { AWSElasticBlockStoreVolumeSource, AzureDiskVolumeSource, FCVolumeSource, FlockerVolumeSource, GCEPersistentDiskVolumeSource, HostPathVolumeSource, NFSVolumeSource, PhotonPersistentDiskVolumeSource, PortworxVolumeSource, QuobyteVolumeSource, VsphereVirtualDiskVolumeSource } from './volume.ts';

/** A volume of GlusterFS, which nodes do not mount any more. */
export class GlusterfsPersistentVolumeSource extends message('k8s.io.api.core.v1.GlusterfsPersistentVolumeSource', {
  /** Name of the Endpoints object with the servers. */
  endpoints: string(1).required().with({ goName: 'EndpointsName' }),
  /** Name of the volume. */
  path: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
  /** Namespace of the Endpoints object. Absent: the claim's. */
  endpointsNamespace: string(4).explicit(),
}) {}

/** A Secret of any namespace. */
export class SecretReference extends message('k8s.io.api.core.v1.SecretReference', {
  /** Name of the Secret. */
  name: string(1),
  /** Namespace of the Secret. */
  namespace: string(2),
}) {
  static readonly isAtomic = true;
}

/** A block device of Ceph, which nodes do not mount any more. */
export class RBDPersistentVolumeSource extends message('k8s.io.api.core.v1.RBDPersistentVolumeSource', {
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
  secretRef: ref(7, SecretReference),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(8),
}) {}

/** A disk on an iSCSI target. */
export class ISCSIPersistentVolumeSource extends message('k8s.io.api.core.v1.ISCSIPersistentVolumeSource', {
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
  secretRef: ref(10, SecretReference),
  /** Name of the initiator. One that differs from the interface's makes an interface of its own. */
  initiatorName: string(12).explicit(),
}) {}

/** A disk of OpenStack. Its driver is taken in place of this. */
export class CinderPersistentVolumeSource extends message('k8s.io.api.core.v1.CinderPersistentVolumeSource', {
  /** Id of the disk. */
  volumeID: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
  /** Secret with the credentials for OpenStack. */
  secretRef: ref(4, SecretReference),
}) {}

/** A directory of a Ceph file system, which nodes do not mount any more. */
export class CephFSPersistentVolumeSource extends message('k8s.io.api.core.v1.CephFSPersistentVolumeSource', {
  /** Addresses of the monitors. */
  monitors: strings(1).required().atomic(),
  /** Directory within the file system. Defaults to its root. */
  path: string(2),
  /** Name of the user. Defaults to admin. */
  user: string(3),
  /** Path of the file with the user's key. Defaults to /etc/ceph/user.secret. */
  secretFile: string(4),
  /** Secret with the user's key. It wins over secretFile. */
  secretRef: ref(5, SecretReference),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(6),
}) {}

/** A volume of a driver that is a program on the node. A CSI driver is taken in place of this. */
export class FlexPersistentVolumeSource extends message('k8s.io.api.core.v1.FlexPersistentVolumeSource', {
  /** Name of the driver. */
  driver: string(1).required(),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(2),
  /** Secret with what is needed to get at it. */
  secretRef: ref(3, SecretReference),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
  /** Options that the driver knows. */
  options: stringMap(5),
}) {}

/** A share of Microsoft's cloud. Its driver is taken in place of this. */
export class AzureFilePersistentVolumeSource extends message('k8s.io.api.core.v1.AzureFilePersistentVolumeSource', {
  /** Name of the Secret with the account's name and key. */
  secretName: string(1).required(),
  /** Name of the share. */
  shareName: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
  /** Namespace of the Secret. Absent: the pod's. */
  secretNamespace: string(4).explicit().nullable(),
}) {}

/** A volume of ScaleIO, which nothing serves any more. */
export class ScaleIOPersistentVolumeSource extends message('k8s.io.api.core.v1.ScaleIOPersistentVolumeSource', {
  /** Address of the gateway. */
  gateway: string(1).required(),
  /** Name of the storage system. */
  system: string(2).required(),
  /** Secret with what is needed to get at it. */
  secretRef: ref(3, SecretReference).explicit().required().nullable(),
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

/** A disk or directory of one node, which nodeAffinity must name. */
export class LocalVolumeSource extends message('k8s.io.api.core.v1.LocalVolumeSource', {
  /** Path on the node. */
  path: string(1).required(),
  /** Type of its file system, for a block device. Absent: what is found. */
  fsType: string(2).explicit(),
}) {}

/** A volume of StorageOS, which nothing serves any more. */
export class StorageOSPersistentVolumeSource extends message('k8s.io.api.core.v1.StorageOSPersistentVolumeSource', {
  /** Name of the volume. */
  volumeName: string(1),
  /** Namespace of the volume at StorageOS. Absent: the pod's. */
  volumeNamespace: string(2),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(3),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(4),
  /** Secret with what is needed to get at it. */
  secretRef: ref(5, ObjectReference),
}) {}

/** A volume of a CSI driver. */
export class CSIPersistentVolumeSource extends message('k8s.io.api.core.v1.CSIPersistentVolumeSource', {
  /** Name of the driver. */
  driver: string(1).required(),
  /** Name that the driver knows the volume by. It cannot be changed. */
  volumeHandle: string(2).required(),
  /** Whether it can only be read. Defaults to false. */
  readOnly: bool(3),
  /** Type of its file system, such as ext4. Absent: what the plug-in takes as usual. */
  fsType: string(4),
  /** What the driver said of the volume when it made it. */
  volumeAttributes: stringMap(5),
  /** Secret that the driver is given when it attaches and detaches the volume. */
  controllerPublishSecretRef: ref(6, SecretReference),
  /** Secret that the driver is given when it makes the volume ready on a node. */
  nodeStageSecretRef: ref(7, SecretReference),
  /** Secret that the driver is given when it mounts the volume into a pod. */
  nodePublishSecretRef: ref(8, SecretReference),
  /** Secret that the driver is given when it makes the volume larger. */
  controllerExpandSecretRef: ref(9, SecretReference),
  /** Secret that the driver is given when it makes the file system on a node larger. */
  nodeExpandSecretRef: ref(10, SecretReference),
}) {}

/** What the volume is. Exactly one of them is set. */
export class PersistentVolumeSource extends message('k8s.io.api.core.v1.PersistentVolumeSource', {
  /** A disk of Google's cloud. Deprecated: its driver is taken in place of this. */
  gcePersistentDisk: ref(1, GCEPersistentDiskVolumeSource),
  /** A disk of Amazon's cloud. Deprecated: its driver is taken in place of this. */
  awsElasticBlockStore: ref(2, AWSElasticBlockStoreVolumeSource),
  /** A file or directory of the node. */
  hostPath: ref(3, HostPathVolumeSource),
  /** A volume of GlusterFS. Deprecated and not served. */
  glusterfs: ref(4, GlusterfsPersistentVolumeSource),
  /** A directory of an NFS server. */
  nfs: ref(5, NFSVolumeSource),
  /** A block device of Ceph. Deprecated and not served. */
  rbd: ref(6, RBDPersistentVolumeSource),
  /** A disk on an iSCSI target. */
  iscsi: ref(7, ISCSIPersistentVolumeSource),
  /** A disk of OpenStack. Deprecated: its driver is taken in place of this. */
  cinder: ref(8, CinderPersistentVolumeSource),
  /** A directory of a Ceph file system. Deprecated and not served. */
  cephfs: ref(9, CephFSPersistentVolumeSource).with({ goName: 'CephFS' }),
  /** A disk on a Fibre Channel network. */
  fc: ref(10, FCVolumeSource),
  /** A dataset of Flocker. Deprecated and not served. */
  flocker: ref(11, FlockerVolumeSource),
  /** A volume of a driver on the node. Deprecated: use a CSI driver. */
  flexVolume: ref(12, FlexPersistentVolumeSource),
  /** A share of Microsoft's cloud. Deprecated: its driver is taken in place of this. */
  azureFile: ref(13, AzureFilePersistentVolumeSource),
  /** A disk of vSphere. Deprecated: its driver is taken in place of this. */
  vsphereVolume: ref(14, VsphereVirtualDiskVolumeSource),
  /** A volume of Quobyte. Deprecated and not served. */
  quobyte: ref(15, QuobyteVolumeSource),
  /** A disk of Microsoft's cloud. Deprecated: its driver is taken in place of this. */
  azureDisk: ref(16, AzureDiskVolumeSource),
  /** A disk of Photon. Deprecated and not served. */
  photonPersistentDisk: ref(17, PhotonPersistentDiskVolumeSource),
  /** A volume of Portworx. Deprecated: its driver is taken in place of this. */
  portworxVolume: ref(18, PortworxVolumeSource),
  /** A volume of ScaleIO. Deprecated and not served. */
  scaleIO: ref(19, ScaleIOPersistentVolumeSource),
  /** A disk or directory of one node. */
  local: ref(20, LocalVolumeSource),
  /** A volume of StorageOS. Deprecated and not served. */
  storageos: ref(21, StorageOSPersistentVolumeSource).with({ goName: 'StorageOS' }),
  /** A volume of a CSI driver. */
  csi: ref(22, CSIPersistentVolumeSource),
}) {
  static readonly goOrder = [
    'gcePersistentDisk', 'awsElasticBlockStore', 'hostPath', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'flexVolume', 'cinder', 'cephfs', 'fc', 'flocker', 'azureFile', 'vsphereVolume', 'azureDisk',
    'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'local', 'storageos', 'csi',
  ];
}

/** From where a volume can be reached. */
export class VolumeNodeAffinity extends message('k8s.io.api.core.v1.VolumeNodeAffinity', {
  /** Nodes that can reach it. */
  required: ref(1, NodeSelector),
}) {}

/** What a volume is, and how it may be used. */
export class PersistentVolumeSpec extends message('k8s.io.api.core.v1.PersistentVolumeSpec', {
  /** How large it is. */
  capacity: quantityMap(1),
  /** What it is. */
  persistentVolumeSource: ref(2, PersistentVolumeSource).inline(),
  /** All ways in which it can be mounted. */
  accessModes: someOf(3, 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod').atomic().named('v1.PersistentVolumeAccessMode'),
  /** The claim that it is bound to, or kept for. */
  claimRef: ref(4, ObjectReference).with({ mapType: 'granular' }),
  /** What becomes of the volume once its claim is gone. Defaults to Retain for volumes made by hand, and to Delete for those that a class made. */
  persistentVolumeReclaimPolicy: oneOf(5, 'Recycle', 'Delete', 'Retain').named('v1.PersistentVolumeReclaimPolicy'),
  /** Name of the StorageClass it belongs to. Empty for none. */
  storageClassName: string(6),
  /** Options of the mount. They are not checked; a wrong one fails the mount. */
  mountOptions: strings(7).atomic(),
  /** Whether claims are to use it as a file system or as a raw device. Defaults to Filesystem. */
  volumeMode: oneOf(8, 'Block', 'Filesystem').explicit().named('v1.PersistentVolumeMode'),
  /** Nodes that can reach it. Absent for all. */
  nodeAffinity: ref(9, VolumeNodeAffinity),
  /** Name of the VolumeAttributesClass it belongs to. Empty for none. */
  volumeAttributesClassName: string(10).explicit(),
}) {}
