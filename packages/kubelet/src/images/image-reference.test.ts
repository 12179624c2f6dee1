import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialsFor } from './credentials.ts';
import { type ImageName, parseImageName } from './image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const cases: readonly (readonly [image: string, want: string])[] = [
  ['busybox', 'docker.io/library/busybox:latest'], ['busybox:1', 'docker.io/library/busybox:1'], ['me/app', 'docker.io/me/app:latest'], ['localhost/app:2', 'localhost/app:2'],
  ['registry:5000/a/b', 'registry:5000/a/b:latest'], ['ghcr.io/a/b:v1.2_3', 'ghcr.io/a/b:v1.2_3'], [`a@${digest}`, `docker.io/library/a@${digest}`], [`a:1@${digest}`, `docker.io/library/a:1@${digest}`],
  ['Bad//Name', 'invalid reference format'], ['Upper', 'invalid reference format: repository name must be lowercase'], ['a:', 'invalid reference format'], ['', 'invalid reference format'], ['a b', 'invalid reference format'],
  ['a@sha256:12', 'invalid reference format'], ['-a', 'invalid reference format'], ['a'.repeat(64), `invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`],
];
for (const [image, want] of cases) {
  test(`reads "${image.slice(0, 30)}"`, () => {
    const name = parseImageName(image);
    assert.equal('problem' in name ? name.problem : name.full, want);
  });
}

const secret = (auths: object) => ({ metadata: {}, data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') } });
const login = { auth: Buffer.from('me:pass:word').toString('base64') };
const servers: readonly (readonly [server: string, image: string, fits: boolean])[] = [
  ['https://index.docker.io/v1/', 'busybox', true], ['ghcr.io', 'ghcr.io/a/b', true], ['ghcr.io', 'quay.io/a/b', false], ['ghcr.io/a', 'ghcr.io/a/b', true], ['ghcr.io/a', 'ghcr.io/ab/c', false],
  ['*.example.com', 'r.example.com/a', true], ['*.example.com', 'a.r.example.com/a', false],
];
for (const [server, image, fits] of servers) {
  test(`credentials of ${server} are ${fits ? '' : 'not '}for ${image}`, () => {
    const found = credentialsFor(parseImageName(image) as ImageName, [secret({ [server]: login })]); // these names are good ones
    assert.deepEqual(found.map(({ username, password }) => [username, password]), fits ? [['me', 'pass:word']] : []);
  });
}

test('a secret that is no JSON is passed over', () => {
  assert.deepEqual(credentialsFor(parseImageName('a') as ImageName, [{ metadata: {}, data: { '.dockerconfigjson': 'eA==' } }]), []); // a good name
});
