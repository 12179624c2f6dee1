/** The variables of a container. */
import type { ConfigMap, Container, EnvVar, Pod, Secret, Service } from '@kaji/api/core/v1';
import { envVarNameErrors } from '@kaji/schema';
import { own } from '../own.ts';
import { expand } from './expansion.ts';
import { fieldValue, type NodeFacts, resourceValue } from './field-path.ts';

/** The container cannot be made as it is described: CreateContainerConfigError with this text. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}

/** Reads what variables refer to; undefined when it does not exist. */
export interface References {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
}

export interface EnvironmentInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly node: NodeFacts;
  readonly podIps: readonly string[];
  /** Services of the pod's namespace, and the one of the API itself. */
  readonly services: readonly Service[];
  readonly references: References;
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

export async function environment(input: EnvironmentInput): Promise<{ readonly variables: Readonly<Record<string, string>>; readonly invalid: readonly string[] }> {
  const { pod, container } = input;
  const invalid: string[] = [];
  const result: Record<string, string> = {};
  for (const source of container.envFrom ?? []) {
    const data = await sourceData(input, source);
    for (const key of Object.keys(data).sort()) {
      const name = `${source.prefix ?? ''}${key}`;
      if (envVarNameErrors(name).length === 0) result[name] = data[key] ?? '';
      else invalid.push(name);
    }
  }
  const services = serviceVariables(input);
  for (const variable of container.env ?? []) {
    const value = await variableValue(input, variable, (name) => own(result, name) ?? own(services, name));
    if (value !== undefined) result[variable.name] = value;
    // a service's variable of the same name gives way, even to an empty value
    delete services[variable.name];
  }
  return { variables: { ...services, ...result }, invalid: pod.metadata.uid === undefined ? [] : invalid };
}

type EnvSource = NonNullable<Container['envFrom']>[number];

async function sourceData({ pod, references }: EnvironmentInput, source: EnvSource): Promise<Record<string, string>> {
  if (source.configMapRef !== undefined) {
    const { name = '', optional } = source.configMapRef;
    const found = await references.configMap(name);
    if (found === undefined && optional !== true) throw new ContainerConfigError(`configmap "${name}" not found`);
    return found?.data ?? {};
  }
  if (source.secretRef !== undefined) {
    const { name = '', optional } = source.secretRef;
    const found = await references.secret(name);
    if (found === undefined && optional !== true) throw new ContainerConfigError(`secret "${name}" not found`);
    return Object.fromEntries(Object.entries(found?.data ?? {}).map(([key, value]) => [key, fromBase64(value)]));
  }
  throw new ContainerConfigError(`envFrom of pod ${pod.metadata.name ?? ''} names no source`);
}

async function variableValue(input: EnvironmentInput, variable: EnvVar, lookup: (name: string) => string | undefined): Promise<string | undefined> {
  const { pod, container, node, podIps, references } = input;
  const from = variable.valueFrom;
  if (from === undefined) return expand(variable.value ?? '', lookup);
  if (from.fieldRef !== undefined) {
    const value = fieldValue(pod, from.fieldRef.fieldPath, node, podIps);
    if (value === undefined) throw new ContainerConfigError(`unsupported fieldPath: ${from.fieldRef.fieldPath}`);
    return value;
  }
  if (from.resourceFieldRef !== undefined) {
    const { containerName, resource, divisor } = from.resourceFieldRef;
    const of = containerName === undefined || containerName === '' ? container : [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((other) => other.name === containerName);
    const value = of === undefined ? undefined : resourceValue(of, resource, divisor, node);
    if (value === undefined) throw new ContainerConfigError(`Unsupported container resource : ${resource}`);
    return value;
  }
  if (from.configMapKeyRef !== undefined) {
    const { name = '', key, optional } = from.configMapKeyRef;
    const found = await references.configMap(name);
    const value = own(found?.data, key);
    if (value !== undefined || optional === true) return value;
    throw new ContainerConfigError(found === undefined ? `configmap "${name}" not found` : `couldn't find key ${key} in ConfigMap ${pod.metadata.namespace ?? ''}/${name}`);
  }
  if (from.secretKeyRef !== undefined) {
    const { name = '', key, optional } = from.secretKeyRef;
    const found = await references.secret(name);
    const value = own(found?.data, key);
    if (value !== undefined) return fromBase64(value);
    if (optional === true) return undefined;
    throw new ContainerConfigError(found === undefined ? `secret "${name}" not found` : `couldn't find key ${key} in Secret ${pod.metadata.namespace ?? ''}/${name}`);
  }
  throw new ContainerConfigError(`variable ${variable.name} has no source that is known`);
}

/** Kubernetes: the addresses of services, as Docker's links had them. The API's own service is always there. */
export function serviceVariables({ pod, services }: Pick<EnvironmentInput, 'pod' | 'services'>): Record<string, string> {
  const result: Record<string, string> = {};
  const hasLinks = pod.spec.enableServiceLinks !== false;
  for (const service of services) {
    const { name = '', namespace } = service.metadata;
    const isMaster = namespace === 'default' && name === 'kubernetes';
    if (!isMaster && (!hasLinks || namespace !== pod.metadata.namespace)) continue;
    const { clusterIP, ports = [] } = service.spec;
    if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None') continue;
    Object.assign(result, variablesOf(name, clusterIP, ports));
  }
  return result;
}

type ServicePort = NonNullable<Service['spec']['ports']>[number];

function variablesOf(name: string, clusterIP: string, ports: readonly ServicePort[]): Record<string, string> {
  const first = ports[0];
  if (first === undefined) return {};
  const prefix = envName(name);
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP;
  const result: Record<string, string> = { [`${prefix}_SERVICE_HOST`]: clusterIP, [`${prefix}_SERVICE_PORT`]: String(first.port) };
  for (const port of ports) if (port.name !== undefined && port.name !== '') result[`${prefix}_SERVICE_PORT_${envName(port.name)}`] = String(port.port);
  const urlOf = (port: ServicePort): string => `${(port.protocol ?? 'TCP').toLowerCase()}://${host}:${port.port}`;
  result[`${prefix}_PORT`] = urlOf(first);
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    const base = `${prefix}_PORT_${port.port}_${protocol}`;
    Object.assign(result, { [base]: urlOf(port), [`${base}_PROTO`]: protocol.toLowerCase(), [`${base}_PORT`]: String(port.port), [`${base}_ADDR`]: clusterIP });
  }
  return result;
}

const envName = (name: string): string => name.toUpperCase().replaceAll('-', '_');
