/** How service accounts are written: of its secrets, only the names are kept. */
import type { ApiObject } from '@kaji/api';
import type { ServiceAccount } from '@kaji/api/core/v1';
import type { Strategy } from '../strategy.ts';

export const serviceAccountStrategy: Strategy<ServiceAccount & ApiObject> = { prepareForCreate: keepNames, prepareForUpdate: keepNames };

function keepNames(account: ServiceAccount): void {
  if (account.secrets !== undefined) account.secrets = account.secrets.map(({ name }) => (name === undefined ? {} : { name }));
}
