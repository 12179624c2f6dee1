/** Rules of PriorityLevelConfigurations. */
import { goForm, isDeepEqual } from '@kaji/schema';
import { forbidden, invalid, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { conditionTypeErrors } from './condition-rules.ts';
import { mandatoryPriorityLevels } from './mandatory.ts';
import type { PriorityLevelConfiguration } from './priority-level-configuration.ts';
import { type ExemptPriorityLevelConfiguration, type LimitedPriorityLevelConfiguration, type LimitResponse, PriorityLevelConfigurationSpec, type QueuingConfiguration } from './priority-level-spec.ts';

const mostQueues = 10_000_000;
/** How many bits a hash gives for dealing a hand of queues. */
const hashBits = 60;
/** Left behind by an older version of the kind. */
const oldAnnotation = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration): FieldError[] {
  const name = metadata.name ?? '';
  return [
    ...(metadata.annotations?.[oldAnnotation] === undefined ? [] : [forbidden('metadata.annotations', `annotation '${oldAnnotation}' is forbidden`)]),
    ...specErrors(spec, name), ...mandatoryErrors(spec, name), ...conditionTypeErrors(status?.conditions, 'status.conditions'),
  ];
}

export const validatePriorityLevelStatus = ({ status }: PriorityLevelConfiguration): FieldError[] => conditionTypeErrors(status?.conditions, 'status.conditions');

/** Kubernetes: of the level `exempt`, the shares may be changed. */
function mandatoryErrors(spec: PriorityLevelConfigurationSpec, name: string): FieldError[] {
  const wanted = mandatoryPriorityLevels.get(name);
  if (wanted === undefined || isDeepEqual(name === 'exempt' ? { ...spec, exempt: wanted.exempt } : spec, wanted)) return [];
  return [invalid('spec', goForm(PriorityLevelConfigurationSpec, spec), `spec of '${name}'${name === 'exempt' ? " except the 'spec.exempt' field" : ''} must equal the fixed value`)];
}

function specErrors({ type, limited, exempt }: PriorityLevelConfigurationSpec, name: string): FieldError[] {
  const errors = (name === 'exempt') === (type === 'Exempt') ? [] : [invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'")];
  switch (type) {
    case 'Exempt': return [...errors, ...(limited === undefined ? [] : [forbidden('spec.limited', 'must be nil if the type is not Limited')]), ...(exempt === undefined ? [] : sharesErrors(exempt, 'spec.exempt'))];
    case 'Limited': return [
      ...errors, ...(exempt === undefined ? [] : [forbidden('spec.exempt', 'must be nil if the type is Limited')]),
      ...(limited === undefined ? [required('spec.limited', 'must not be empty when type is Limited')] : limitedErrors(limited, 'spec.limited')),
    ];
    default: return [...errors, notSupported('spec.type', type, ['Exempt', 'Limited'])];
  }
}

function limitedErrors(limited: LimitedPriorityLevelConfiguration, path: string): FieldError[] {
  const { limitResponse = { type: '' }, borrowingLimitPercent } = limited;
  const [shares, lendable] = [shareErrors(limited, path), lendableErrors(limited, path)];
  return [
    ...shares, ...responseErrors(limitResponse, `${path}.limitResponse`), ...lendable,
    ...(borrowingLimitPercent !== undefined && borrowingLimitPercent < 0 ? [invalid(`${path}.borrowingLimitPercent`, borrowingLimitPercent, 'if specified, must be a non-negative integer')] : []),
  ];
}

const sharesErrors = (exempt: ExemptPriorityLevelConfiguration, path: string): FieldError[] => [...shareErrors(exempt, path), ...lendableErrors(exempt, path)];

const shareErrors = ({ nominalConcurrencyShares: shares = 0 }: ExemptPriorityLevelConfiguration, path: string): FieldError[] => (shares < 0 ? [invalid(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer')] : []);

const lendableErrors = ({ lendablePercent: percent = 0 }: ExemptPriorityLevelConfiguration, path: string): FieldError[] => (percent < 0 || percent > 100 ? [invalid(`${path}.lendablePercent`, percent, 'must be between 0 and 100, inclusive')] : []);

function responseErrors({ type, queuing }: LimitResponse, path: string): FieldError[] {
  switch (type) {
    case 'Reject': return queuing === undefined ? [] : [forbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited')];
    case 'Queue': return queuing === undefined ? [required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited')] : queuingErrors(queuing, `${path}.queuing`);
    default: return [notSupported(`${path}.type`, type, ['Queue', 'Reject'])];
  }
}

function queuingErrors({ queues = 0, handSize = 0, queueLengthLimit = 0 }: QueuingConfiguration, path: string): FieldError[] {
  const bits = Math.ceil(Math.log2(queues) * handSize);
  const handError = handSize <= 0 ? 'must be positive' : handSize > queues ? `should not be greater than queues (${queues})`
    : bits > hashBits ? `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBits}` : undefined;
  return [
    ...(queueLengthLimit <= 0 ? [invalid(`${path}.queueLengthLimit`, queueLengthLimit, 'must be positive')] : []),
    ...(queues <= 0 ? [invalid(`${path}.queues`, queues, 'must be positive')] : queues > mostQueues ? [invalid(`${path}.queues`, queues, `must not be greater than ${mostQueues}`)] : []),
    ...(handError === undefined ? [] : [invalid(`${path}.handSize`, handSize, handError)]),
  ];
}
