/** Every active namespace has the ServiceAccount "default". */
import { isReason } from '@kaji/api';
import { namespaces, serviceaccounts } from '@kaji/api/core/v1';
import { type Controller, watch } from '../controller.ts';

const accountName = 'default';

export const serviceAccountController: Controller = {
  name: 'serviceaccount-controller',
  watches: [
    watch(namespaces, 'self'),
    watch(serviceaccounts, ({ object, type }) => (type === 'deleted' && object.metadata.name === accountName ? [{ namespace: '', name: object.metadata.namespace ?? '' }] : [])),
  ],
  async reconcile({ name: namespace }, { client, caches }) {
    const found = caches.of(namespaces).get({ namespace: '', name: namespace });
    if (found === undefined || found.metadata.deletionTimestamp !== undefined || found.status?.phase === 'Terminating') return 'done';
    if (caches.of(serviceaccounts).get({ namespace, name: accountName }) !== undefined) return 'done';
    try {
      await client.create(serviceaccounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: accountName, namespace } });
    } catch (error) {
      // It is there already, or the namespace began to go while we looked.
      if (!isReason(error, 'AlreadyExists') && !isReason(error, 'NotFound') && !isReason(error, 'Forbidden')) throw error;
    }
    return 'done';
  },
};
