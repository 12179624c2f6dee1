// What every node may do, whichever it is; the rest the node authorizer subdivides.
import type { PolicyRule } from '@kaji/api/rbac/v1';

const rule = (verbs: readonly string[], apiGroups: readonly string[], resources: readonly string[]): PolicyRule => ({ verbs: [...verbs], apiGroups: [...apiGroups], resources: [...resources] });
const read = ['get', 'list', 'watch'];

export const nodeRules: readonly PolicyRule[] = [
  rule(['create'], ['authentication.k8s.io'], ['tokenreviews']),
  rule(['create'], ['authorization.k8s.io'], ['subjectaccessreviews', 'localsubjectaccessreviews']),
  rule(read, [''], ['services']),
  rule(['create', 'update', 'patch'], ['', 'events.k8s.io'], ['events']),
  rule(['get'], [''], ['endpoints']),
  rule(['create', ...read], ['certificates.k8s.io'], ['certificatesigningrequests']),
  rule(read, ['storage.k8s.io'], ['csidrivers']),
  rule(read, ['node.k8s.io'], ['runtimeclasses']),
];
