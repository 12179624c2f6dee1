/** The real HTTP door of probes and hooks. */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Clock } from '@kaji/base';
import { request as plainRequest } from '@kaji/base/real/http';
import type { HttpGet } from '../probes/http-get.ts';
import { dialProblem } from '../probes/probe-action.ts';

/** Kubernetes: no more of an answer is read. */
const maxBodyBytes = 10 * 1024;

export const httpGet = (clock: Clock): HttpGet => ({ scheme, host, port, path, headers, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const own = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
    const options: RequestOptions & { rejectUnauthorized?: boolean } = { host, port, path, method: 'GET', agent: false, headers: { accept: '*/*', connection: 'close', ...own } };
    const send: (options: RequestOptions, answer: (message: IncomingMessage) => void) => ClientRequest = scheme === 'HTTPS' ? tlsRequest : plainRequest;
    const call = send({ ...options, ...(scheme === 'HTTPS' ? { rejectUnauthorized: false } : {}) }, (message) => {
      const parts: Buffer[] = [];
      let length = 0;
      const finish = (): void => {
        cancel();
        resolve({ status: message.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') });
      };
      message.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length >= maxBodyBytes) { finish(); call.destroy(); }
      });
      message.on('end', finish);
      message.on('error', finish);
    });
    const cancel = clock.setTimer(timeoutMs, () => { call.destroy(new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')); });
    call.on('error', (error) => {
      cancel();
      reject('syscall' in error ? new Error(`dial tcp ${host}:${port}: ${dialProblem(error, false)}`, { cause: error }) : error);
    });
    call.end();
  });
