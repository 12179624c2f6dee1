/** `node link/main.ts DIRECTORY`: writes what the processes of a cluster consist of into a few files there. */
import { join } from 'node:path';
import { link } from './link.ts';

link('packages/kaji/src/linked-main.ts', 'main.js', {
  project: join(import.meta.dirname, '../../../..'),
  output: process.argv[2] ?? '.',
  parts: [
    ...['supervise', 'server', 'node', 'dns'].map((name) => `packages/kaji/src/commands/${name}.ts`),
    'packages/cluster/src/server.ts', 'packages/cluster/src/node.ts', 'packages/dns/src/index.ts',
  ],
  apart: ['@grpc/proto-loader'], // of @grpc/grpc-js's services about itself
});
