import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewriteLinks } from './rewrite-links.ts';

const links = { host: '10.0.0.1:80', askedHost: 'api:6443', prefix: '/api/v1/namespaces/d/services/s/proxy' };

const cases: readonly (readonly [string, string, string])[] = [
  ['a path from the root goes through the proxy', '/rewriteme', '/api/v1/namespaces/d/services/s/proxy/rewriteme'],
  ['a relative path stays', 'more/here', 'more/here'],
  ['the host behind is taken off', 'http://10.0.0.1:80/x?y#z', '/api/v1/namespaces/d/services/s/proxy/x?y#z'],
  ['the host asked stays', 'https://api:6443/x', 'https://api:6443/api/v1/namespaces/d/services/s/proxy/x'],
  ['another host is left alone', 'https://example.com/x', 'https://example.com/x'],
  ['a path through the proxy already is left alone', '/api/v1/namespaces/d/services/s/proxy/x', '/api/v1/namespaces/d/services/s/proxy/x'],
];
for (const [name, given, want] of cases) test(name, () => { assert.equal(rewriteLinks.url(given, links), want); });

test('a page is rewritten tag by tag, wherever it is cut', async () => {
  const html = '<html><a href="/rewriteme">a < b</a><img alt="/x" src=\'/i.png\'><p href="/no"></p></html>';
  for (let cut = 1; cut < html.length; cut += 7) {
    const chunks = [html.slice(0, cut), html.slice(cut)].map((text) => Buffer.from(text));
    let whole = '';
    for await (const chunk of rewriteLinks.page((async function* () { yield* chunks; })(), links)) whole += Buffer.from(chunk).toString();
    assert.equal(whole, `<html><a href="${links.prefix}/rewriteme">a < b</a><img alt="/x" src="${links.prefix}/i.png"><p href="/no"></p></html>`);
  }
});
