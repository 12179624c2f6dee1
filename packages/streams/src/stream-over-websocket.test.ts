import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import WebSocket from 'ws';
import { type MessageForm, streamOverWebSocket } from './stream-over-websocket.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a client of these protocols receives: each message, texts marked. */
async function receive(chunks: readonly Uint8Array[], form: MessageForm, protocols: readonly string[]): Promise<{ readonly protocol: string; readonly messages: readonly string[]; readonly code: number }> {
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const body = (async function* all() { for (const chunk of chunks) { await Promise.resolve(); yield chunk; } })();
    streamOverWebSocket({ headers, socket, head }, body, form).catch(() => { socket.destroy(); });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, [...protocols]);
    const messages: string[] = [];
    client.on('message', (data: Buffer, isBinary) => { messages.push(isBinary ? data.toString() : `text:${data.toString()}`); });
    const [code] = await once(client, 'close') as [number];
    return { protocol: client.protocol, messages, code };
  } finally {
    server.close();
  }
}

const cases: readonly (readonly [name: string, form: MessageForm, protocols: readonly string[], chunks: readonly string[], want: readonly string[]])[] = [
  ['bytes as they come', 'bytes', [], ['one\n', 'two'], ['', 'one\n', 'two']],
  ['bytes by name', 'bytes', ['binary.k8s.io'], ['log'], ['', 'log']],
  ['bytes as text in base64', 'bytes', ['base64.binary.k8s.io'], ['log'], ['text:', 'text:bG9n']],
  ['a line a message', 'lines', [], ['{"a":1}\n{"b":2}\n', '{"c":', '3}\n'], ['text:{"a":1}\n', 'text:{"b":2}\n', 'text:{"c":3}\n']],
  ['a last line without its end', 'lines', [], ['{}'], ['text:{}']],
];
for (const [name, form, protocols, chunks, want] of cases) {
  test(`sends ${name}`, async () => {
    const { protocol, messages, code } = await receive(chunks.map(bytes), form, protocols);
    assert.deepEqual([protocol, messages, code], [protocols[0] ?? '', want, 1000]);
  });
}

test('long pieces are cut', async () => {
  const { messages } = await receive([new Uint8Array(70_000).fill(97)], 'bytes', []);
  assert.deepEqual(messages.map(({ length }) => length), [0, 32_768, 32_768, 4464]);
});
