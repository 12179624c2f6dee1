import { message, ref, string } from '@kaji/schema';
import { ingressClassColumns } from '../../columns/network.ts';
import { validateIngressClass } from './ingress-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class IngressClassParametersReference extends message('k8s.io.api.networking.v1.IngressClassParametersReference', {
  apiGroup: string(1).explicit(),
  kind: string(2).required(),
  name: string(3).required(),
  scope: string(4).explicit().default('Cluster').nullable(),
  namespace: string(5).explicit(),
}) {}

export class IngressClassSpec extends message('k8s.io.api.networking.v1.IngressClassSpec', {
  controller: string(1),
  parameters: ref(2, IngressClassParametersReference),
}) {}

export class IngressClass extends message('k8s.io.api.networking.v1.IngressClass', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, IngressClassSpec).present(),
}) {}

export const ingressclasses = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses', singular: 'ingressclass', kind: 'IngressClass', isNamespaced: false, type: IngressClass,
  validate: validateIngressClass,
  columns: ingressClassColumns,
  nameErrors: subdomainName,
});
