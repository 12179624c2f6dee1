/** What the level restricted forbids beyond baseline: whatever hardened pods can do without. Pure. */
import type { Container, Volume } from '@kaji/api/core/v1';
import { isConfined, seccompProfile } from './baseline-checks.ts';
import { type Check, containersOf, containersText, namesWhere, plural, quoted, settersText, sorted } from './subject.ts';

export const privilegeEscalation: Check = ({ spec }) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  return names.length === 0 ? undefined : { reason: 'allowPrivilegeEscalation != false', detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false` };
};

export const restrictedCapabilities: Check = ({ spec }) => {
  const added = ({ securityContext }: Container): readonly string[] => (securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = namesWhere(spec, ({ securityContext }) => securityContext?.capabilities?.drop?.includes('ALL') !== true);
  const adding = namesWhere(spec, (container) => added(container).length > 0);
  const details = [
    ...(keeping.length === 0 ? [] : [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0 ? [] : [`${containersText(adding)} must not include ${quoted(sorted(containersOf(spec).flatMap(added)))} in securityContext.capabilities.add`]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const allowedVolumes = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'] as const;
const forbiddenVolumes = [
  'hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'nfs', 'iscsi', 'glusterfs', 'rbd', 'flexVolume', 'cinder', 'cephfs', 'flocker', 'fc', 'azureFile',
  'vsphereVolume', 'quobyte', 'azureDisk', 'photonPersistentDisk', 'portworxVolume', 'scaleIO', 'storageos',
] as const;

export const restrictedVolumes: Check = ({ spec: { volumes = [] } }) => {
  const bad = volumes.filter((volume: Volume) => allowedVolumes.every((source) => volume[source] === undefined));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map((volume) => forbiddenVolumes.find((source) => volume[source] !== undefined) ?? 'unknown'));
  const names = `${plural('volume', 'volumes', bad.length)} ${quoted(bad.map(({ name }) => name))}`;
  return { reason: 'restricted volume types', detail: `${names} ${plural('uses', 'use', bad.length)} ${plural('restricted volume type', 'restricted volume types', types.length)} ${quoted(types)}` };
};

export const runAsNonRoot: Check = ({ spec }) => {
  const reason = 'runAsNonRoot != true';
  const ofPod = spec.securityContext?.runAsNonRoot;
  const setting = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  if (ofPod === false || setting.length > 0) return { reason, detail: `${settersText(ofPod === false, setting)} must not set securityContext.runAsNonRoot=false` };
  const silent = ofPod === true ? [] : namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return silent.length === 0 ? undefined : { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsUser: Check = ({ spec }) => {
  const isPod = spec.securityContext?.runAsUser === 0;
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0);
  return !isPod && names.length === 0 ? undefined : { reason: 'runAsUser=0', detail: `${settersText(isPod, names)} must not set runAsUser=0` };
};

export const restrictedSeccomp: Check = (subject) => {
  const bad = seccompProfile(subject);
  if (bad !== undefined) return bad;
  const { spec } = subject;
  const ofPod = spec.securityContext?.seccompProfile;
  if (ofPod !== undefined && isConfined(ofPod)) return undefined;
  const silent = namesWhere(spec, ({ securityContext }) => securityContext?.seccompProfile === undefined);
  return silent.length === 0 ? undefined : { reason: 'seccompProfile', detail: `pod or ${containersText(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` };
};
