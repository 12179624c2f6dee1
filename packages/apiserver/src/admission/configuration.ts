/** AdmissionConfiguration as upstream has it: one file that holds, or names, the configurations of single steps. */
import { DecodeError, list, message, rawExtension, readConfiguration, string } from '@kaji/schema';
import type { ApiServerConfig } from '../config.ts';
import { podSecurityConfiguration, podSecurityDefaults } from './pod-security/configuration.ts';
import { resourceQuotaConfiguration } from './resource-quota/configuration.ts';

class AdmissionPluginConfiguration extends message('apiserver.config.k8s.io.v1.AdmissionPluginConfiguration', {
  name: string(1).required(),
  /** A file with the configuration, where it does not stand here. */
  path: string(2),
  configuration: rawExtension(3),
}) {}

class AdmissionConfiguration extends message('apiserver.config.k8s.io.v1.AdmissionConfiguration', {
  plugins: list(1, AdmissionPluginConfiguration),
}) {}

/**
 * From a parsed file; `read` gives the parsed content of files that it names. Throws DecodeError for what has the wrong form or
 * is about a step that takes no configuration, ApiError for wrong values.
 */
export async function admissionConfiguration(value: unknown, read: (path: string) => Promise<unknown>): Promise<Pick<ApiServerConfig, 'podSecurity' | 'limitedResources'>> {
  const { plugins = [] } = readConfiguration(AdmissionConfiguration, value).configuration;
  const of = new Map<string, unknown>();
  for (const { name, path = '', configuration } of plugins) {
    if (!configurable.has(name)) throw new DecodeError(`the admission step ${JSON.stringify(name)} takes no configuration here`);
    of.set(name, configuration ?? (path === '' ? {} : await read(path)));
  }
  return {
    podSecurity: of.has('PodSecurity') ? podSecurityConfiguration(of.get('PodSecurity')) : podSecurityDefaults,
    limitedResources: of.has('ResourceQuota') ? resourceQuotaConfiguration(of.get('ResourceQuota')) : [],
  };
}

const configurable: ReadonlySet<string> = new Set(['PodSecurity', 'ResourceQuota']);
