import { bool, bytesMap, message, ref, string, stringMap } from '@kaji/schema';
import { secretColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateSecret } from './data-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Entries that are not for everybody, which pods can take as variables and files. */
export class Secret extends message('k8s.io.api.core.v1.Secret', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Whether the entries are fixed. Once true it stays so. */
  immutable: bool(5).explicit(),
  /** The entries, as bytes. Keys are letters, digits, dashes, underscores and dots. */
  data: bytesMap(2),
  /** Entries as text. They are written into data, win over it, and are never shown. */
  stringData: stringMap(4),
  /** What it is for. It cannot be changed, and decides which entries are needed. Defaults to Opaque. */
  type: string(3).default('Opaque').named('v1.SecretType'),
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
