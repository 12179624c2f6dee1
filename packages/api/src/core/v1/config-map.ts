import { bool, bytesMap, message, ref, stringMap } from '@kaji/schema';
import { configMapColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateConfigMap } from './data-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ConfigMap extends message('k8s.io.api.core.v1.ConfigMap', {
  metadata: ref(1, ObjectMeta).present(),
  immutable: bool(4).explicit(),
  data: stringMap(2),
  binaryData: bytesMap(3),
}) {}

export const configmaps = resource({
  group: '', version: 'v1', plural: 'configmaps', singular: 'configmap', kind: 'ConfigMap', isNamespaced: true, type: ConfigMap,
  validate: validateConfigMap,
  columns: configMapColumns,
  nameErrors: subdomainName,
  shortNames: ['cm'],
});
