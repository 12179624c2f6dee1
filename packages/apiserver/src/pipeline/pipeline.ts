// The order every request goes through. To add a stage, write its file and put it here.
import type { Runtime } from '@kaji/base';
import type { Authorizer } from '../authorization/authorizer.ts';
import { accessCounts } from './access-metrics.ts';
import { authenticate, type Authenticator } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { deadline } from './deadline.ts';
import { answerErrors } from './errors.ts';
import { identify } from './identify.ts';
import { impersonate } from './impersonate.ts';
import { type InFlightLimits, limitInFlight } from './in-flight.ts';
import { countRequests, inFlightMetric, panicsMetric } from './metrics.ts';
import { type Authorized, type Handler, type Received, start } from './request.ts';
import { route, type Routes } from './route.ts';

export interface PipelineParts {
  readonly runtime: Runtime;
  readonly routes: Routes;
  readonly authenticators: readonly Authenticator[];
  readonly isAnonymousAllowed: boolean;
  readonly authorizer: Authorizer;
  readonly inFlight: InFlightLimits;
  readonly requestTimeoutMs: number;
  readonly dispatch: Handler<Authorized>;
}

export function pipeline(parts: PipelineParts): Handler<Received> {
  const { clock, metrics, log } = parts.runtime;
  const counts = accessCounts(metrics);
  return start<Received>()
    .through(identify(parts.runtime))
    .through(answerErrors(log, metrics.counter(panicsMetric)))
    .through(route(parts.routes))
    .through(countRequests(parts.runtime))
    .through(deadline(clock, parts.requestTimeoutMs))
    .through(authenticate(parts.authenticators, parts.isAnonymousAllowed, counts))
    .through(impersonate(parts.authorizer))
    .through(limitInFlight(parts.inFlight, metrics.gauge(inFlightMetric)))
    .through(authorize(parts.authorizer, counts))
    .end(parts.dispatch);
}
