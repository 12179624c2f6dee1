import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GoUrl, parseGoRequestUrl, parseGoUrl } from './go-url.ts';

const none: GoUrl = { scheme: '', host: '', user: undefined, path: '', query: '', fragment: '' };
const cases: readonly (readonly [text: string, want: GoUrl | string])[] = [
  ['https://host/path', { ...none, scheme: 'https', host: 'host', path: '/path' }],
  ['HTTPS://user:pass@host:443?q=1#f', { scheme: 'https', host: 'host:443', user: 'user:pass', path: '', query: 'q=1', fragment: 'f' }],
  ['https:///path', { ...none, scheme: 'https', path: '/path' }],
  ['https:/path', { ...none, scheme: 'https', path: '/path' }],
  ['host/path', { ...none, path: 'host/path' }],
  ['', none],
  ['mailto:someone', { ...none, scheme: 'mailto' }],
  ['https://[::1]:80/', { ...none, scheme: 'https', host: '[::1]:80', path: '/' }],
  ['://host', 'parse "://host": missing protocol scheme'],
  ['host:port/path', { ...none, scheme: 'host' }],
  ['1host:80/path', 'parse "1host:80/path": first path segment in URL cannot contain colon'],
  ['https://host:port', 'parse "https://host:port": invalid port ":port" after host'],
  ['https://a:1:2', 'parse "https://a:1:2": invalid port ":1:2" after host'],
  ['https://a b/', 'parse "https://a b/": invalid character " " in host name'],
  ['https://a/%zz', 'parse "https://a/%zz": invalid URL escape "%zz"'],
  ['https://a/#%z', 'parse "https://a/#%z": invalid URL escape "%z"'],
  ['https://[::1', `parse "https://[::1": missing ']' in host`],
  ['https://[]', 'parse "https://[]": invalid host: ParseAddr(""): unable to parse IP'],
  ['https://[1.2.3.4]', 'parse "https://[1.2.3.4]": invalid IP-literal'],
  ['https://a\n', 'parse "https://a\\n": net/url: invalid control character in URL'],
];

for (const [text, want] of cases) test(`reads the URL ${JSON.stringify(text)} as Go does`, () => { assert.deepEqual(parseGoUrl(text), want); });

const requested: readonly (readonly [text: string, want: GoUrl | string])[] = [
  ['/a%20b?q#f', { ...none, path: '/a%20b', query: 'q#f' }],
  ['mailto:someone', { ...none, scheme: 'mailto' }],
  ['*', { ...none, path: '*' }],
  ['', 'parse "": empty url'],
  ['host/path', 'parse "host/path": invalid URI for request'],
];

for (const [text, want] of requested) test(`reads ${JSON.stringify(text)} as what a request names`, () => { assert.deepEqual(parseGoRequestUrl(text), want); });
