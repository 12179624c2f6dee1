import { bool, bytesMap, message, ref, string, stringMap } from '@kaji/schema';
import { secretColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateSecret } from './data-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class Secret extends message('k8s.io.api.core.v1.Secret', {
  metadata: ref(1, ObjectMeta).present(),
  immutable: bool(5).explicit(),
  data: bytesMap(2),
  stringData: stringMap(4),
  type: string(3).default('Opaque'),
}) {}

const encoder = new TextEncoder();

export const secrets = resource({
  group: '', version: 'v1', plural: 'secrets', singular: 'secret', kind: 'Secret', isNamespaced: true, type: Secret,
  validate: validateSecret,
  columns: secretColumns,
  nameErrors: subdomainName,
  selectableFields: {
    type: ({ type }) => type ?? '',
  },
  defaults(secret) {
    // Kubernetes: stringData is for writing only, and wins.
    const { stringData, data } = secret;
    if (stringData === undefined) return;
    secret.data = { ...data, ...Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, encoder.encode(text).toBase64()])) };
    delete secret.stringData;
  },
});
