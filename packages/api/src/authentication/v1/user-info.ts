import { message, string, strings, stringsMap } from '@kaji/schema';

export class UserInfo extends message('k8s.io.api.authentication.v1.UserInfo', {
  username: string(1),
  uid: string(2),
  groups: strings(3).atomic(),
  extra: stringsMap(4),
}) {}
