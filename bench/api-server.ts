/** The server under load: an API server of its own process with a SQLite log. Prints its endpoint as a line of JSON once it is ready. */
import { join } from 'node:path';
import { realRuntime } from '@kaji/base/real';
import { startTestServer } from '@kaji/apiserver/testing';
import { openSqliteStore } from '@kaji/store';
import type { Endpoint } from './load.ts';

const [directory = '.'] = process.argv.slice(2);
const runtime = realRuntime('warn');
const store = await openSqliteStore(join(directory, 'log.db'), runtime);
const server = await startTestServer({ runtime, store });
const { url, authorityPem } = await server.listen();
const endpoint: Endpoint = { url, certificateAuthority: authorityPem, certificate: server.admin.certificatePem, privateKey: server.admin.privateKeyPem };
process.stdout.write(`${JSON.stringify(endpoint)}\n`);
process.on('SIGTERM', () => {
  void server.close().then(() => store.close()).then(() => process.exit(0));
});
