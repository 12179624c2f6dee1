import { bool, bytesMap, message, ref, stringMap } from '@kaji/schema';
import { configMapColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateConfigMap } from './data-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Entries of configuration, which pods can take as variables and files. */
export class ConfigMap extends message('k8s.io.api.core.v1.ConfigMap', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Whether the entries are fixed. Once true it stays so. */
  immutable: bool(4).explicit(),
  /** Entries of text. Keys are letters, digits, dashes, underscores and dots. */
  data: stringMap(2),
  /** Entries of bytes. No key may be in data, too. */
  binaryData: bytesMap(3),
}) {}

export const configmaps = resource({
  group: '', version: 'v1', plural: 'configmaps', singular: 'configmap', kind: 'ConfigMap', isNamespaced: true, type: ConfigMap,
  validate: validateConfigMap,
  columns: configMapColumns,
  nameErrors: subdomainName,
  shortNames: ['cm'],
});
