/** How many requests a priority level may have at once, and what becomes of others. */
import { int32, message, ref, string } from '@kaji/schema';

/** How requests wait. */
export class QueuingConfiguration extends message('k8s.io.api.flowcontrol.v1.QueuingConfiguration', {
  /** How many queues there are. Defaults to 64. */
  queues: int32(1).always().default(64),
  /** How many queues a flow may use. Not more than queues; defaults to 8. */
  handSize: int32(2).always().default(8),
  /** How many requests may wait in a queue. Defaults to 50. */
  queueLengthLimit: int32(3).always().default(50),
}) {}

/** What becomes of requests that cannot be served at once. */
export class LimitResponse extends message('k8s.io.api.flowcontrol.v1.LimitResponse', {
  /** Queue to wait, Reject to be told 429. */
  type: string(1).required().named('v1.LimitResponseType'),
  /** How they wait. Only for Queue. */
  queuing: ref(2, QueuingConfiguration),
}) {}

/** How many requests of a level are served at once. */
export class LimitedPriorityLevelConfiguration extends message('k8s.io.api.flowcontrol.v1.LimitedPriorityLevelConfiguration', {
  /** Its share of the server, beside the shares of other levels. Defaults to 30. */
  nominalConcurrencyShares: int32(1).explicit().default(30),
  /** What becomes of requests that cannot be served at once. */
  limitResponse: ref(2, LimitResponse).always(),
  /** How much of its share others may use meanwhile, in percent. Defaults to 0. */
  lendablePercent: int32(3).explicit().default(0),
  /** How much of the shares of others it may use, in percent of its own. Absent: no limit. */
  borrowingLimitPercent: int32(4).explicit(),
}) {}

/** What a level without limits takes from others. */
export class ExemptPriorityLevelConfiguration extends message('k8s.io.api.flowcontrol.v1.ExemptPriorityLevelConfiguration', {
  /** Its share of the server. It does not limit it. Defaults to 0. */
  nominalConcurrencyShares: int32(1).explicit().default(0),
  /** How much of its share others may use meanwhile, in percent. Defaults to 0. */
  lendablePercent: int32(2).explicit().default(0),
}) {}

/** How requests of a level are served. That is set which type names. */
export class PriorityLevelConfigurationSpec extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec', {
  /** Exempt for all at once, Limited for some. */
  type: string(1).required().named('v1.PriorityLevelEnablement'),
  /** How many. Needed for Limited. */
  limited: ref(2, LimitedPriorityLevelConfiguration),
  /** What it takes from others. Only for Exempt. */
  exempt: ref(3, ExemptPriorityLevelConfiguration),
}) {}
