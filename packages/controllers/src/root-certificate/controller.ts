/** Puts the API server's authority into each namespace, as the ConfigMap "kube-root-ca.crt" that pods' projected volumes name. */
import { isReason } from '@kaji/api';
import { type ConfigMap, configmaps, namespaces } from '@kaji/api/core/v1';
import { type Controller, watch } from '../controller.ts';

const mapName = 'kube-root-ca.crt';
const dataKey = 'ca.crt';
/** Kubernetes: clients can see this text. */
const description = 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const descriptionAnnotation = 'kubernetes.io/description';

export function rootCertificatePublisher(authorityPem: string): Controller {
  return {
    name: 'root-ca-certificate-publisher-controller',
    watches: [
      watch(namespaces, 'self'),
      watch(configmaps, ({ object }) => (object.metadata.name === mapName ? [{ namespace: '', name: object.metadata.namespace ?? '' }] : [])),
    ],
    async reconcile({ name: namespace }, { client, caches }) {
      const found = caches.of(namespaces).get({ namespace: '', name: namespace });
      if (found === undefined || found.metadata.deletionTimestamp !== undefined || found.status?.phase === 'Terminating') return 'done';
      const map = caches.of(configmaps).get({ namespace, name: mapName });
      try {
        if (map === undefined) await client.create(configmaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: mapName, namespace, annotations: { [descriptionAnnotation]: description } }, data: { [dataKey]: authorityPem } });
        else if (!isCurrent(map, authorityPem)) {
          await client.update(configmaps, { ...map, metadata: { ...map.metadata, annotations: { ...map.metadata.annotations, [descriptionAnnotation]: description } }, data: { [dataKey]: authorityPem } });
        }
      } catch (error) {
        // Made by another, or the namespace began to go while we looked.
        if (!isReason(error, 'AlreadyExists') && !isReason(error, 'NotFound') && !isReason(error, 'Forbidden')) throw error;
      }
      return 'done';
    },
  };
}

const isCurrent = (map: ConfigMap, authorityPem: string): boolean =>
  map.data?.[dataKey] === authorityPem && Object.keys(map.data).length === 1 && map.metadata.annotations?.[descriptionAnnotation] === description;
