/** An answer that goes on for long, as the messages of a WebSocket: for clients that open one instead of reading a body, such as browsers. */
import type WebSocket from 'ws';
import { listed, type Upgrade } from './upgrade.ts';
import { acceptWebSocket } from './websocket.ts';

/** Bytes as they come (logs), or a line of text a message (watches). */
export type MessageForm = 'bytes' | 'lines';

const binary = 'binary.k8s.io';
const base64 = 'base64.binary.k8s.io';
/** Longest message sent. */
const maxSentBytes = 32 * 1024;
const newline = 0x0a;

/** Takes the connection over and ends with the body. Throws UpgradeError while the answer is still the caller's to give. */
export async function streamOverWebSocket(upgrade: Upgrade, body: AsyncIterable<Uint8Array>, form: MessageForm): Promise<void> {
  const { socket, protocol } = await acceptWebSocket(upgrade, form === 'bytes' ? ['', binary, base64] : ['', ...listed(upgrade.headers['sec-websocket-protocol'])]);
  socket.on('error', () => { socket.terminate(); }); // a client that breaks the rules is gone
  socket.resume();
  try {
    // Kubernetes: an empty message tells the reader of bytes that the stream is there.
    if (form === 'bytes') await send(socket, new Uint8Array(), protocol);
    for await (const piece of form === 'bytes' ? pieces(body) : lines(body)) {
      if (socket.readyState !== socket.OPEN) return;
      await send(socket, piece, form === 'bytes' ? protocol : undefined);
    }
  } finally {
    socket.close(1000);
  }
}

/** Resolves once it is on its way: a reader that is slow holds the body up. Without a protocol it is text. */
function send(socket: WebSocket, piece: Uint8Array, protocol: string | undefined): Promise<void> {
  const isText = protocol === undefined || protocol === base64;
  const message = protocol === base64 ? Buffer.from(piece).toString('base64') : piece;
  return new Promise((resolve) => { socket.send(message, { binary: !isText }, () => { resolve(); }); }); // a send that fails ends the socket
}

async function* pieces(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of body) for (let start = 0; start < chunk.length; start += maxSentBytes) yield chunk.subarray(start, start + maxSentBytes);
}

/** Each with its line break; what follows the last one waits for the next chunk. */
async function* lines(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of body) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, start)) {
      yield text.subarray(start, end + 1);
      start = end + 1;
    }
    rest = text.subarray(start);
  }
  if (rest.length > 0) yield rest;
}
