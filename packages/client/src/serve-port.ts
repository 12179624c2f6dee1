/** The server's end of a message port: hands the requests that arrive to a transport on this thread. */
import { ApiError } from '@kaji/api';
import { ownCopy, type Port, type PortMessage, PortSender, receive, windowBytes } from './port-messages.ts';
import type { Transport } from './transport.ts';

/** Answers until the port closes. Requests of a port that closed are aborted. */
export function servePort(port: Port, transport: Transport): void {
  const sender = new PortSender(port);
  const exchanges = new Map<number, Exchange>();
  receive(port, (message) => {
    switch (message.type) {
      case 'request': {
        const exchange = new Exchange(message.id, sender);
        exchanges.set(message.id, exchange);
        void exchange.run(transport, message).finally(() => exchanges.delete(message.id)); // it catches every error and sends it
        return;
      }
      case 'abort': exchanges.get(message.id)?.abort(); return;
      case 'credit': exchanges.get(message.id)?.credit(message.bytes); return;
      case 'head': case 'chunk': case 'end': case 'error': return; // the client never says these
    }
  });
  port.addEventListener('close', () => { for (const exchange of exchanges.values()) exchange.abort(); });
}

class Exchange {
  readonly #id: number;
  readonly #sender: PortSender;
  readonly #controller = new AbortController();
  #window = windowBytes;
  #wake: (() => void) | undefined;

  constructor(id: number, sender: PortSender) {
    this.#id = id;
    this.#sender = sender;
  }

  abort(): void {
    this.#controller.abort();
    this.#wake?.();
  }

  credit(bytes: number): void {
    this.#window += bytes;
    this.#wake?.();
  }

  async run(transport: Transport, message: Extract<PortMessage, { type: 'request' }>): Promise<void> {
    const id = this.#id;
    const signal = this.#controller.signal;
    try {
      const { method, path, headers, body } = message;
      const reply = await transport.request({ method, path, headers, signal, ...(body === undefined ? {} : { body }) });
      this.#sender.send({ type: 'head', id, status: reply.status, headers: reply.headers });
      for await (const chunk of reply.body) {
        while (this.#window <= 0 && !signal.aborted) await new Promise<void>((resolve) => { this.#wake = resolve; });
        if (signal.aborted) return;
        this.#window -= chunk.length;
        const owned = ownCopy(chunk);
        this.#sender.send({ type: 'chunk', id, bytes: owned }, owned);
      }
      this.#sender.send({ type: 'end', id });
    } catch (error) {
      if (signal.aborted) return; // nobody waits for the answer
      const { reason, message: text, code, details } = ApiError.from(error);
      this.#sender.send({ type: 'error', id, error: { reason, message: text, code, ...(details === undefined ? {} : { details }) } });
    }
  }
}
