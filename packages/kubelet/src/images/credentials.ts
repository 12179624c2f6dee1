/** Credentials for registries, out of a pod's image pull secrets. */
import type { Secret } from '@kaji/api/core/v1';
import type { AuthConfig } from '@kaji/cri';
import type { ImageName } from './image-reference.ts';

interface DockerAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identitytoken?: string;
}

/** Those that fit the image, in the order of the secrets. What cannot be read is passed over: another may do. */
export function credentialsFor(name: ImageName, secrets: readonly Secret[]): readonly AuthConfig[] {
  return secrets.flatMap((secret) => Object.entries(authsOf(secret)).filter(([server]) => fits(server, name)).map(([server, auth]) => authConfig(server, auth)));
}

function authsOf(secret: Secret): Readonly<Record<string, DockerAuth>> {
  const modern = secret.data?.['.dockerconfigjson'];
  const old = secret.data?.['.dockercfg'];
  const text = modern ?? old;
  if (text === undefined) return {};
  try {
    const parsed = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as { auths?: Record<string, DockerAuth> } & Record<string, DockerAuth>; // Docker's own form
    return (modern === undefined ? parsed : parsed.auths) ?? {};
  } catch {
    return {}; // not JSON: of no use for any registry
  }
}

function fits(server: string, name: ImageName): boolean {
  const wanted = server.replace(/^https?:\/\//, '').replace(/\/v[12]\/?$/, '').replace(/\/$/, '');
  if (wanted === 'index.docker.io') return name.registry === 'docker.io';
  if (wanted.startsWith('*.')) return name.registry.endsWith(wanted.slice(1)) && !name.registry.slice(0, -wanted.length + 1).includes('.');
  return name.registry === wanted || name.repository === wanted || name.repository.startsWith(`${wanted}/`);
}

function authConfig(server: string, auth: DockerAuth): AuthConfig {
  const [username, ...password] = auth.auth === undefined ? [] : Buffer.from(auth.auth, 'base64').toString('utf8').split(':');
  return { username: auth.username ?? username ?? '', password: auth.password ?? password.join(':'), identityToken: auth.identitytoken ?? '', serverAddress: server };
}
