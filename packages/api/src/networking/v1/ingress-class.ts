import { message, ref, string } from '@kaji/schema';
import { ingressClassColumns } from '../../columns/network.ts';
import { validateIngressClass } from './ingress-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** An object with settings of a class. */
export class IngressClassParametersReference extends message('k8s.io.api.networking.v1.IngressClassParametersReference', {
  /** Group of its kind. Absent for core kinds. */
  apiGroup: string(1).explicit(),
  /** Its kind. */
  kind: string(2).required(),
  /** Its name. */
  name: string(3).required(),
  /** Whether it lies in a namespace: Cluster or Namespace. Defaults to Cluster. */
  scope: string(4).explicit().default('Cluster').nullable(),
  /** Its namespace. Needed for Namespace, and for nothing else. */
  namespace: string(5).explicit(),
}) {}

/** Who serves a class. */
export class IngressClassSpec extends message('k8s.io.api.networking.v1.IngressClassSpec', {
  /** Name of the controller: a domain and a path. It cannot be changed. */
  controller: string(1),
  /** An object with settings. */
  parameters: ref(2, IngressClassParametersReference),
}) {}

/** A kind of Ingresses, served by one controller. An annotation makes one the default. */
export class IngressClass extends message('k8s.io.api.networking.v1.IngressClass', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Who serves it. */
  spec: ref(2, IngressClassSpec).present(),
}) {}

export const ingressclasses = resource({
  group: 'networking.k8s.io', version: 'v1', plural: 'ingressclasses', singular: 'ingressclass', kind: 'IngressClass', isNamespaced: false, type: IngressClass,
  validate: validateIngressClass,
  columns: ingressClassColumns,
  nameErrors: subdomainName,
});
