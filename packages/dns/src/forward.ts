/** Asks other servers for what is not in the zone. Messages go through as they are, so that what this server does not know is not lost. */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Random, Runtime } from '@kaji/base';

export interface Upstream {
  readonly address: string;
  readonly port: number;
}

/** How long one server may think before the next is asked, and how often the list is gone through. */
const attemptMs = 2000;
const rounds = 2;
/** Questions under way at once; more are refused, so that a dead upstream cannot fill the memory. */
const maxPending = 1000;

export class Forwarder {
  readonly #runtime: Runtime;
  readonly #upstreams: readonly Upstream[];
  readonly #random: Random;
  #pending = 0;

  constructor(runtime: Runtime, upstreams: readonly Upstream[]) {
    this.#runtime = runtime;
    this.#upstreams = upstreams;
    this.#random = runtime.random.stream('dns forward');
  }

  /** The answer's bytes, under the id of the question; undefined when nobody answered. */
  async ask(query: Uint8Array, protocol: 'udp' | 'tcp'): Promise<Uint8Array | undefined> {
    if (this.#pending >= maxPending) return undefined;
    this.#pending++;
    try {
      for (let round = 0; round < rounds; round++) {
        for (const upstream of this.#upstreams) {
          const answer = await this.#attempt(query, upstream, protocol);
          if (answer !== undefined) return answer;
        }
      }
      return undefined;
    } finally {
      this.#pending--;
    }
  }

  async #attempt(query: Uint8Array, upstream: Upstream, protocol: 'udp' | 'tcp'): Promise<Uint8Array | undefined> {
    // An id of our own and a port of the kernel's choice for each question: both must be guessed by who would forge an answer.
    const id = Math.floor(this.#random() * 65_536);
    const asked = Buffer.from(query);
    asked.writeUInt16BE(id, 0);
    const answer = await (protocol === 'udp' ? this.#overUdp(asked, id, upstream) : this.#overTcp(asked, upstream));
    if (answer === undefined || answer.length < 12 || answer.readUInt16BE(0) !== id) return undefined;
    answer.set(query.subarray(0, 2), 0);
    return answer;
  }

  #overUdp(asked: Buffer, id: number, { address, port }: Upstream): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
      const finish = (answer: Buffer | undefined): void => {
        cancel();
        socket.close();
        resolve(answer);
      };
      const cancel = this.#runtime.clock.setTimer(attemptMs, () => { finish(undefined); });
      socket.once('error', () => { finish(undefined); }); // refused or unreachable: the next server is asked
      socket.on('message', (answer) => { if (answer.length >= 2 && answer.readUInt16BE(0) === id) finish(answer); });
      socket.connect(port, address, () => { socket.send(asked); });
    });
  }

  #overTcp(asked: Buffer, { address, port }: Upstream): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const socket = connect({ host: address, port });
      const chunks: Buffer[] = [];
      const finish = (answer: Buffer | undefined): void => {
        cancel();
        socket.destroy();
        resolve(answer);
      };
      const cancel = this.#runtime.clock.setTimer(attemptMs, () => { finish(undefined); });
      socket.once('error', () => { finish(undefined); });
      socket.once('close', () => { finish(undefined); });
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        const all = Buffer.concat(chunks);
        if (all.length >= 2 && all.length >= 2 + all.readUInt16BE(0)) finish(all.subarray(2, 2 + all.readUInt16BE(0)));
      });
      const length = Buffer.alloc(2);
      length.writeUInt16BE(asked.length);
      socket.write(Buffer.concat([length, asked]));
    });
  }
}
