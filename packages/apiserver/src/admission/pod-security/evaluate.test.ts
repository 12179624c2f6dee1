import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodSpec } from '@kaji/api/core/v1';
import { detailsText, evaluate, reasonsText } from './evaluate.ts';
import type { Level } from './policy.ts';

const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const safe = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

/** A pod that every level lets run, changed in one place. */
const pod = (spec: object = {}, container: object = {}): PodSpec =>
  ({ securityContext: safe, ...spec, containers: [{ name: 'c', image: 'i', ...container, securityContext: { ...hardened, ...(container as { securityContext?: object }).securityContext } }] }) as unknown as PodSpec; // literals of the wire

const inContainer = (securityContext: object): PodSpec => pod({}, { securityContext });
const findings = (level: Level, version: string, spec: PodSpec, annotations = {}): string => detailsText(evaluate({ level, version }, { annotations, spec }));

const baseline: readonly (readonly [string, PodSpec, string])[] = [
  ['nothing special', pod(), ''],
  ['the host\'s namespaces', pod({ hostNetwork: true, hostIPC: true }), 'host namespaces (hostNetwork=true, hostIPC=true)'],
  ['a path of the host', pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'hostPath volumes (volume "v")'],
  ['ports of the host', pod({}, { ports: [{ containerPort: 1, hostPort: 9 }, { containerPort: 2, hostPort: 10 }] }), 'hostPort (container "c" uses hostPorts 10, 9)'],
  ['a privileged container', inContainer({ privileged: true }), 'privileged (container "c" must not set securityContext.privileged=true)'],
  ['more capabilities', inContainer({ capabilities: { add: ['NET_RAW', 'CHOWN', 'BPF'] } }), 'non-default capabilities (container "c" must not include "BPF", "NET_RAW" in securityContext.capabilities.add)'],
  ['an unmasked /proc', inContainer({ procMount: 'Unmasked' }), 'procMount (container "c" must not set securityContext.procMount to "Unmasked")'],
  ['AppArmor off', pod({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }), 'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")'],
  ['seccomp off', pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }), 'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")'],
  ['labels of SELinux', pod({ securityContext: { seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r' } } }), 'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)'],
  ['a knob of the host', pod({ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }, { name: 'net.ipv4.tcp_rmem', value: '1' }] } }), 'forbidden sysctls (kernel.msgmax)'],
  ['a process of a Windows host', pod({ securityContext: { windowsOptions: { hostProcess: true } } }, { securityContext: { windowsOptions: { hostProcess: true } } }), 'hostProcess (pod and container "c" must not set securityContext.windowsOptions.hostProcess=true)'],
  ['a probe of another host', pod({}, { livenessProbe: { httpGet: { host: 'h', port: 1 } } }), 'probe or lifecycle host (container "c" uses probe or lifecycle host "h")'],
  ['what only restricted forbids', inContainer({ runAsUser: 0, allowPrivilegeEscalation: true }), ''],
];

const restricted: readonly (readonly [string, PodSpec, string])[] = [
  ['nothing special', pod(), ''],
  ['escalation', inContainer({ allowPrivilegeEscalation: undefined }), 'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false)'],
  ['capabilities kept and added', inContainer({ capabilities: { add: ['SYS_TIME'] } }), 'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]; container "c" must not include "SYS_TIME" in securityContext.capabilities.add)'],
  ['volumes of the host, named once', pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }, { name: 'w', nfs: { server: 's', path: '/' } }, { name: 'e', emptyDir: {} }] }), 'restricted volume types (volumes "v", "w" use restricted volume types "hostPath", "nfs")'],
  ['nobody says that it is not root', pod({ securityContext: { seccompProfile: { type: 'Localhost' } } }), 'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)'],
  ['somebody says that it is root', inContainer({ runAsNonRoot: false, runAsUser: 0 }), 'runAsNonRoot != true (container "c" must not set securityContext.runAsNonRoot=false), runAsUser=0 (container "c" must not set runAsUser=0)'],
  ['no word on seccomp', pod({ securityContext: { runAsNonRoot: true } }), 'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'],
  ['root of a user namespace', pod({ hostUsers: false, securityContext: { ...safe, runAsNonRoot: false, runAsUser: 0 } }), ''],
  ['Windows, which knows none of it', pod({ os: { name: 'windows' }, securityContext: { runAsNonRoot: true } }, { securityContext: { allowPrivilegeEscalation: undefined, capabilities: undefined } }), ''],
];

for (const [name, spec, want] of baseline) test(`baseline: ${name}`, () => { assert.equal(findings('baseline', 'latest', spec), want); });
for (const [name, spec, want] of restricted) test(`restricted: ${name}`, () => { assert.equal(findings('restricted', 'latest', spec), want); });

const byVersion: readonly (readonly [string, Level, PodSpec, string, string])[] = [
  ['probes of other hosts', 'baseline', pod({}, { readinessProbe: { tcpSocket: { host: 'h', port: 1 } } }), 'v1.33', 'v1.34'],
  ['escalation', 'restricted', inContainer({ allowPrivilegeEscalation: true }), 'v1.7', 'v1.8'],
  ['capabilities kept', 'restricted', inContainer({ capabilities: {} }), 'v1.21', 'v1.22'],
  ['user 0', 'restricted', inContainer({ runAsUser: 0 }), 'v1.22', 'v1.23'],
  ['seccomp off', 'baseline', pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }), 'v1.18', 'v1.19'],
];

for (const [name, level, spec, last, first] of byVersion) {
  test(`${level} forbids ${name} from ${first} on`, () => {
    assert.equal(findings(level, last, spec), '');
    for (const version of [first, 'v1.99', 'latest']) assert.notEqual(findings(level, version, spec), '', version);
  });
}

test('what later versions allow, earlier ones forbid', () => {
  const sysctl = (name: string): PodSpec => pod({ securityContext: { ...safe, sysctls: [{ name, value: '1' }] } });
  for (const [name, last, first] of [['net.ipv4.ip_local_reserved_ports', 'v1.26', 'v1.27'], ['net.ipv4.tcp_fin_timeout', 'v1.28', 'v1.29'], ['net.ipv4.tcp_wmem', 'v1.31', 'v1.32']] as const) {
    assert.equal(findings('baseline', last, sysctl(name)), `forbidden sysctls (${name})`);
    assert.equal(findings('baseline', first, sysctl(name)), '');
  }
  const engine = pod({ securityContext: { ...safe, seLinuxOptions: { type: 'container_engine_t' } } });
  assert.notEqual(findings('baseline', 'v1.30', engine), '');
  assert.equal(findings('baseline', 'v1.31', engine), '');
  const masked = pod({ hostUsers: false }, { securityContext: { procMount: 'Unmasked' } });
  assert.notEqual(findings('baseline', 'v1.34', masked), '');
  assert.equal(findings('baseline', 'v1.35', masked), '');
  assert.notEqual(findings('restricted', 'v1.35', masked), '');
});

test('annotations count where no field did yet', () => {
  const annotations = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined', 'container.seccomp.security.alpha.kubernetes.io/c': 'localhost/x', 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' };
  assert.equal(findings('baseline', 'v1.18', pod(), annotations), 'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/c="unconfined""), seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")');
  assert.equal(reasonsText(evaluate({ level: 'baseline', version: 'latest' }, { annotations, spec: pod() })), 'forbidden AppArmor profile');
});

test('privileged forbids nothing', () => {
  assert.equal(findings('privileged', 'latest', pod({ hostPID: true })), '');
});
