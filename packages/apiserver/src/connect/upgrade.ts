// Hands an upgraded connection on to another server, as it is.
import { ApiError, badRequest } from '@kaji/api';
import { dial, passUpgrade, UpgradeError } from '@kaji/streams';
import type { KubeletAccess } from '../config.ts';
import { textReply } from '../pipeline/reply.ts';
import type { Reply, ResourceRequest } from '../pipeline/request.ts';
import { dialError } from './fetch.ts';
import { addressOf, type Location } from './locate.ts';

export async function passOn(request: ResourceRequest, location: Location, path: string, options: { readonly kubelet: KubeletAccess | undefined; readonly headers?: Readonly<Record<string, string>> }): Promise<Reply> {
  const { upgrade } = request;
  if (upgrade === undefined) throw badRequest('Upgrade request required');
  const { kubelet, headers } = options;
  const isTrusted = location.isKubelet && kubelet !== undefined;
  const tls = isTrusted ? { ca: kubelet.authoritiesPem, certificatePem: kubelet.certificatePem, privateKeyPem: kubelet.privateKeyPem } : { isInsecure: true };
  const address = addressOf(location);
  const socket = await dial(address, { tls, signal: request.signal }).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new ApiError('', `error dialing backend: ${dialError(error as Error, location).message}`, { cause: error });
  });
  request.signal.addEventListener('abort', () => { socket.destroy(); }, { once: true });
  socket.on('error', () => undefined);
  const host = address.slice(location.scheme.length + 3);
  try {
    await passUpgrade({ headers: withoutTokens(request.headers), socket: upgrade.socket, head: upgrade.head }, { socket, host, path, ...(headers === undefined ? {} : { headers }) }, request.method === 'POST' ? 'POST' : 'GET');
  } catch (error) {
    socket.destroy();
    if (!(error instanceof UpgradeError)) throw error;
    return textReply(error.status, error.message, { 'content-type': error.headers['content-type'] ?? 'text/plain; charset=utf-8' });
  }
  return { status: 101, headers: {}, body: 'upgraded' };
}

/** A browser's token travels as a subprotocol: it is for us, not for what lies behind. */
function withoutTokens(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const protocols = headers['sec-websocket-protocol'];
  if (protocols === undefined) return headers;
  const kept = protocols.split(',').map((one) => one.trim()).filter((one) => !one.startsWith('base64url.bearer.authorization.k8s.io.'));
  return { ...headers, 'sec-websocket-protocol': kept.join(', ') };
}
