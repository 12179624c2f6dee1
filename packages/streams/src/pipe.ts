/** Bytes from one end to the other with back-pressure. */
import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Until the source ends or either side fails; an end that the other side wanted is no failure of ours. */
export async function pump(source: Readable, sink: Writable): Promise<void> {
  try {
    await pipeline(source, sink);
  } catch {
    // One of the two is gone. Who owns the session learns that from its result or its signal, not from the pump.
  }
}

/** Both ways, each direction closing on its own; when one fails, both ends are destroyed. */
export async function joinStreams(near: Duplex, far: Duplex): Promise<void> {
  await Promise.all([oneWay(near, far), oneWay(far, near)]);
}

/** Unlike pipeline, leaves the half of the source that writes alone. */
function oneWay(source: Duplex, sink: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const fail = (): void => {
      source.destroy();
      sink.destroy();
      resolve();
    };
    source.on('error', fail).on('close', () => {
      if (!source.readableEnded) fail();
      resolve();
    });
    source.on('end', () => { resolve(); });
    sink.on('error', fail).on('close', () => {
      if (!source.readableEnded) fail();
    });
    source.pipe(sink);
  });
}
