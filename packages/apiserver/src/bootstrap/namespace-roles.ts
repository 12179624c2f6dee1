/** Roles inside kube-system and kube-public. */
import { type NamespacedRoleDeclaration, rule } from './declarations.ts';

export const namespaceRoles: readonly NamespacedRoleDeclaration[] = [
  {
    namespace: 'kube-public', name: 'system:controller:bootstrap-signer',
    rules: [
      rule('get list watch', 'core', 'configmaps'),
      rule('update', 'core', 'configmaps', 'cluster-info'),
      rule('create patch update', 'core events.k8s.io', 'events'),
    ],
  },
  {
    namespace: 'kube-system', name: 'extension-apiserver-authentication-reader',
    rules: [
      rule('get list watch', 'core', 'configmaps', 'extension-apiserver-authentication'),
    ],
  },
  {
    namespace: 'kube-system', name: 'system::leader-locking-kube-controller-manager',
    rules: [
      rule('create get list update watch', 'coordination.k8s.io', 'leases'),
      rule('create get list update watch', 'coordination.k8s.io', 'leasecandidates'),
    ],
  },
  {
    namespace: 'kube-system', name: 'system::leader-locking-kube-scheduler',
    rules: [
      rule('create get list update watch', 'coordination.k8s.io', 'leases'),
      rule('create get list update watch', 'coordination.k8s.io', 'leasecandidates'),
    ],
  },
  {
    namespace: 'kube-system', name: 'system:controller:bootstrap-signer',
    rules: [
      rule('get list watch', 'core', 'secrets'),
    ],
  },
  {
    namespace: 'kube-system', name: 'system:controller:cloud-provider',
    rules: [
      rule('create get list watch', 'core', 'configmaps'),
    ],
  },
  {
    namespace: 'kube-system', name: 'system:controller:token-cleaner',
    rules: [
      rule('delete get list watch', 'core', 'secrets'),
      rule('create patch update', 'core events.k8s.io', 'events'),
    ],
  },
];
