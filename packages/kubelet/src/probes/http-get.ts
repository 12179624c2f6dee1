/** The HTTP door of probes and hooks: one request, no connection kept. */

export interface HttpGetRequest {
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly timeoutMs: number;
}

export interface HttpGetReply {
  readonly status: number;
  readonly body: string;
}

/** Throws what went wrong, its message fit to be shown. Certificates are not verified; redirects are not followed. */
export type HttpGet = (request: HttpGetRequest) => Promise<HttpGetReply>;
