/** An upgraded connection handed on as it is: what a server in the middle does that has nothing to translate. */
import { joinStreams } from './pipe.ts';
import { requestUpgrade, type Upgrade, type UpgradeTarget } from './upgrade.ts';

/** Headers that belong to the connection itself or let the caller in here, not there. */
const dropped = new Set(['host', 'content-length', 'transfer-encoding', 'authorization', 'cookie', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'trailer']);

/**
 * Asks the target for the same upgrade and joins the two connections; resolves when both have ended.
 * Throws UpgradeError with the target's answer when it says no: nothing was answered to the caller then.
 */
export async function passUpgrade(upgrade: Upgrade, target: UpgradeTarget, method: 'GET' | 'POST'): Promise<void> {
  const headers = Object.fromEntries(Object.entries(upgrade.headers).filter(([name]) => !dropped.has(name)));
  const answer = await requestUpgrade(target, method, { ...headers, ...target.headers });
  upgrade.socket.write(answer.rawHead);
  if (answer.head.length > 0) upgrade.socket.write(answer.head);
  if (upgrade.head.length > 0) target.socket.write(upgrade.head);
  await joinStreams(upgrade.socket, target.socket);
}
