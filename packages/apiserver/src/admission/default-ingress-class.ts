// An Ingress that asks for no class gets the default one, if there is one.
import type { ApiObject } from '@kaji/api';
import { type Ingress, ingressclasses } from '@kaji/api/networking/v1';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';
import { defaultClassOf } from './default-class.ts';

export const defaultIngressClass = (reader: Reader): AdmissionStep => ({
  name: 'DefaultIngressClass',
  mutate({ operation, resource, object }) {
    if (operation !== 'CREATE' || resource.group !== 'networking.k8s.io' || resource.plural !== 'ingresses' || object === undefined) return;
    const { metadata, spec } = object as Ingress & ApiObject; // the resource says so
    if (spec.ingressClassName !== undefined || metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const found = defaultClassOf(reader.list(ingressclasses), 'ingressclass.kubernetes.io/is-default-class');
    if (found?.metadata.name !== undefined) spec.ingressClassName = found.metadata.name;
  },
});
