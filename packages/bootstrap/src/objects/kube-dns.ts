/** The cluster's DNS: a Deployment of kaji's own image, with its Service, account, rights and configuration. */
import type { AnyResource, ApiObject } from '@kaji/api';
import { deployments } from '@kaji/api/apps/v1';
import { configmaps, serviceaccounts, services } from '@kaji/api/core/v1';
import { clusterrolebindings, clusterroles } from '@kaji/api/rbac/v1';

export interface ClusterObject {
  readonly resource: AnyResource;
  readonly object: ApiObject;
}

export interface DnsOptions {
  readonly image: string;
  readonly clusterIP: string;
  readonly domain: string;
}

/** Kubernetes: the Service and the label are called kube-dns whatever serves it; tools look for these. */
const labels = { 'k8s-app': 'kube-dns' };
const systemLabels = { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' };
const namespace = 'kube-system';

export function kubeDnsObjects({ image, clusterIP, domain }: DnsOptions): readonly ClusterObject[] {
  return [
    of(serviceaccounts, { metadata: { name: 'kube-dns', namespace, labels } }),
    of(clusterroles, {
      metadata: { name: 'system:kaji-dns' },
      rules: [
        { apiGroups: [''], resources: ['services', 'pods', 'namespaces', 'nodes'], verbs: ['list', 'watch', 'get'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch', 'get'] },
      ],
    }),
    of(clusterrolebindings, {
      metadata: { name: 'system:kaji-dns' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:kaji-dns' },
      subjects: [{ kind: 'ServiceAccount', name: 'kube-dns', namespace }],
    }),
    of(configmaps, { metadata: { name: 'kube-dns', namespace, labels }, data: { 'config.yaml': configuration(domain) } }),
    of(services, {
      metadata: { name: 'kube-dns', namespace, labels: systemLabels },
      spec: {
        clusterIP, selector: labels,
        ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' }, { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 'dns-tcp' }, { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 'metrics' }],
      },
    }),
    of(deployments, deployment(image)),
  ];
}

function deployment(image: string): object {
  return {
    metadata: { name: 'kube-dns', namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'kube-dns',
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
          // Not ClusterFirst: the server of names cannot ask itself.
          dnsPolicy: 'Default',
          terminationGracePeriodSeconds: 5,
          containers: [{
            name: 'dns', image, imagePullPolicy: 'IfNotPresent',
            args: ['dns', '--config=/etc/kube-dns/config.yaml'],
            resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
            ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }, { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' }, { name: 'metrics', containerPort: 9153, protocol: 'TCP' }],
            livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 5 },
            readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] }, readOnlyRootFilesystem: true },
            volumeMounts: [{ name: 'config', mountPath: '/etc/kube-dns', readOnly: true }],
          }],
          volumes: [{ name: 'config', configMap: { name: 'kube-dns' } }],
        },
      },
    },
  };
}

function configuration(domain: string): string {
  return `domain: ${domain}\nport: 53\nhealthPort: 8080\nreadyPort: 8181\nmetricsPort: 9153\nforward: /etc/resolv.conf\n`;
}

function of(resource: unknown, object: object): ClusterObject {
  return { resource: resource as AnyResource, object: object as ApiObject }; // plain JSON as a user would write it: the server decodes and checks it
}
