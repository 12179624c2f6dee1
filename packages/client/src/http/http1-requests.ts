/** Requests over kept-alive HTTP/1.1 connections, for servers that speak nothing newer. */
import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import { Agent, request as requestTls } from 'node:https';
import { Agent as PlainAgent, request as requestPlain } from '@kaji/base/real/http';
import type { TransportReply, TransportRequest } from '../transport.ts';
import type { TlsOptions } from './https-transport.ts';
import { chunksOf, lost, plainHeaders } from './http2-request.ts';

export class Http1Requests {
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #isPlain: boolean;

  constructor(url: URL, tls: TlsOptions | undefined) {
    this.#url = url;
    this.#isPlain = tls === undefined;
    this.#agent = tls === undefined ? new PlainAgent({ keepAlive: true }) : new Agent({ ...tls, keepAlive: true });
  }

  request({ method, path, headers, body, signal }: TransportRequest): Promise<TransportReply> {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const options = { host: this.#url.hostname.replace(/^\[|\]$/g, ''), port: this.#url.port, method, path, headers: { ...headers, ...length }, agent: this.#agent };
    return new Promise((resolve, reject) => {
      const answered = (answer: IncomingMessage): void => {
        resolve({ status: answer.statusCode ?? 0, headers: plainHeaders(answer.headers), body: chunksOf(answer, path, signal) });
      };
      const sent = this.#isPlain ? requestPlain(options, answered) : requestTls(options, answered);
      const abort = (): void => { sent.destroy(signal?.reason as Error); };
      signal?.addEventListener('abort', abort, { once: true });
      sent.once('close', () => signal?.removeEventListener('abort', abort));
      sent.on('error', (error) => { reject(signal?.aborted === true ? signal.reason as Error : lost(path, error)); });
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
