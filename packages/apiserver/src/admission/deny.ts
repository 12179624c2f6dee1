// How admission refuses: upstream names what the attempt was about as well as it can.
import { type ApiError, forbidden } from '@kaji/api';
import type { Attempt } from './admission.ts';

export function deny(attempt: Attempt, why: string): ApiError {
  const { name = '', generateName = '' } = attempt.object?.metadata ?? {};
  const known = [attempt.name, name, generateName].find((one) => one !== '') ?? 'Unknown';
  return forbidden(attempt.resource, known, why);
}
