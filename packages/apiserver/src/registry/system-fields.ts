/** What of a new object only the server says. */
import type { ApiObject } from '@kaji/api';
import { uuid } from '@kaji/base';
import { formatTime } from '@kaji/schema';
import type { Call } from './call.ts';

export function fillSystemFields({ parts }: Call, { metadata }: ApiObject): void {
  metadata.creationTimestamp = formatTime(parts.runtime.clock.now());
  metadata.uid = uuid(parts.runtime.random.stream('uids'));
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
}
