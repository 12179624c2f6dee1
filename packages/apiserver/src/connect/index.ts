// The subresources that lead through the server to something behind it.
import type { Runtime } from '@kaji/base';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { KubeletAccess } from '../config.ts';
import type { Handler, ResourceRequest } from '../pipeline/request.ts';
import type { Reader } from '../registry/reader.ts';
import { Fetcher } from './fetch.ts';
import { podLog } from './log.ts';
import { proxy } from './proxy.ts';
import { podStream } from './stream.ts';

export interface Connections {
  /** By `plural/subresource`. */
  readonly handlers: ReadonlyMap<string, Handler<ResourceRequest>>;
  close(): void;
}

export function connections({ random }: Runtime, reader: Reader, authorizer: Authorizer, kubelet: KubeletAccess | undefined): Connections {
  const fetcher = new Fetcher(kubelet);
  const streams = { reader, authorizer, kubelet };
  const proxies = { reader, fetcher, kubelet, random: random.stream('service-proxy') };
  return {
    handlers: new Map([
      ['pods/log', podLog(reader, fetcher)],
      ['pods/exec', podStream(streams, 'exec')],
      ['pods/attach', podStream(streams, 'attach')],
      ['pods/portforward', podStream(streams, 'portForward')],
      ['pods/proxy', proxy(proxies, 'pods')],
      ['services/proxy', proxy(proxies, 'services')],
      ['nodes/proxy', proxy(proxies, 'nodes')],
    ]),
    close: () => { fetcher.close(); },
  };
}
