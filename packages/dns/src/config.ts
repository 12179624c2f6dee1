/** The server's configuration file: YAML, a few keys, all of them optional. */
import { parseYaml } from '@kaji/schema';

export interface DnsConfig {
  /** The cluster's own zone. */
  readonly domain: string;
  /** Where to listen; every address by default. */
  readonly address: string;
  readonly port: number;
  /** HTTP: /health, /ready, /metrics. */
  readonly healthPort: number;
  readonly readyPort: number;
  readonly metricsPort: number;
  /** Who is asked for names outside the zone: addresses, or the path of a resolv.conf that names them. */
  readonly forward: readonly string[];
  /** How long answers may be kept. */
  readonly ttlSeconds: number;
}

/** Kubernetes: kubeadm's DNS has these ports and lets its answers be kept for half a minute. */
const defaults: DnsConfig = { domain: 'cluster.local', address: '::', port: 53, healthPort: 8080, readyPort: 8181, metricsPort: 9153, forward: ['/etc/resolv.conf'], ttlSeconds: 30 };

/** Throws an Error that names the key. */
export function dnsConfig(text: string): DnsConfig {
  const value = parseYaml(text).value ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('the DNS configuration must be a map');
  const given = new Map(Object.entries(value as object));
  const take = <T>(key: keyof DnsConfig, isRight: (found: unknown) => found is T, fallback: T): T => {
    const found: unknown = given.get(key);
    given.delete(key);
    if (found === undefined || found === null) return fallback;
    if (!isRight(found)) throw new Error(`the DNS configuration has a wrong value for ${key}: ${JSON.stringify(found)}`);
    return found;
  };
  const isText = (found: unknown): found is string => typeof found === 'string' && found !== '';
  const isPort = (found: unknown): found is number => typeof found === 'number' && Number.isInteger(found) && found >= 0 && found < 65_536;
  const isForward = (found: unknown): found is string | string[] => isText(found) || (Array.isArray(found) && found.every(isText));
  const forward = take<string | readonly string[]>('forward', isForward, defaults.forward);
  const config: DnsConfig = {
    domain: take('domain', isText, defaults.domain).toLowerCase().replace(/\.$/, ''),
    address: take('address', isText, defaults.address),
    port: take('port', isPort, defaults.port),
    healthPort: take('healthPort', isPort, defaults.healthPort),
    readyPort: take('readyPort', isPort, defaults.readyPort),
    metricsPort: take('metricsPort', isPort, defaults.metricsPort),
    forward: typeof forward === 'string' ? [forward] : forward,
    ttlSeconds: take('ttlSeconds', isPort, defaults.ttlSeconds),
  };
  const [unknown] = given.keys();
  if (unknown !== undefined) throw new Error(`the DNS configuration has an unknown key ${unknown}`);
  return config;
}

/** The servers that a resolv.conf names. */
export const nameservers = (resolvConf: string): readonly string[] => [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => match[1] ?? '');
