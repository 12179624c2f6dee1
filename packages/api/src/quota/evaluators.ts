/** Which evaluator measures which kind. */
import type { AnyResource } from '../resource.ts';
import { deviceClaimEvaluator } from './device-claims.ts';
import { counted, type Evaluator } from './evaluator.ts';
import { podEvaluator } from './pods.ts';
import { serviceEvaluator } from './services.ts';
import { volumeClaimEvaluator } from './volume-claims.ts';

type Named = Pick<AnyResource, 'group' | 'plural'>;

const measured: Readonly<Record<string, Evaluator>> = {
  '/pods': podEvaluator, '/services': serviceEvaluator, '/persistentvolumeclaims': volumeClaimEvaluator, 'resource.k8s.io/resourceclaims': deviceClaimEvaluator,
};

/** Kubernetes: four kinds are known by their bare plural, too. */
const aliased: ReadonlySet<string> = new Set(['/configmaps', '/resourcequotas', '/replicationcontrollers', '/secrets']);

/** What is computed and not stored, and events, which have limits of their own. */
const ignored: ReadonlySet<string> = new Set([
  '/bindings', '/componentstatuses', '/events', 'events.k8s.io/events', 'authentication.k8s.io/tokenreviews', 'authentication.k8s.io/selfsubjectreviews',
  'authorization.k8s.io/subjectaccessreviews', 'authorization.k8s.io/selfsubjectaccessreviews', 'authorization.k8s.io/localsubjectaccessreviews', 'authorization.k8s.io/selfsubjectrulesreviews',
]);

const keyOf = ({ group, plural }: Named): string => `${group}/${plural}`;

/** Undefined for kinds that no quota concerns. */
export function evaluatorOf(resource: Named): Evaluator | undefined {
  const key = keyOf(resource);
  if (ignored.has(key)) return undefined;
  return measured[key] ?? counted(resource, aliased.has(key) ? resource.plural : undefined);
}

/** Kinds of which more than the number counts. */
export const isMeasured = (resource: Named): boolean => keyOf(resource) in measured;
