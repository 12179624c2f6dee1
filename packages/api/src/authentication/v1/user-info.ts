import { message, string, strings, stringsMap } from '@kaji/schema';

/** What is known of a user. */
export class UserInfo extends message('k8s.io.api.authentication.v1.UserInfo', {
  /** Name of the user. */
  username: string(1),
  /** Id of the user. */
  uid: string(2),
  /** Groups of the user. */
  groups: strings(3).atomic(),
  /** What else the authenticator said. */
  extra: stringsMap(4),
}) {}
