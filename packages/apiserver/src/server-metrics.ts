// What the server tells of itself and of what it keeps, beside its requests. Under upstream's names.
import { type AnyResource, qualified } from '@kaji/api';
import type { VersionInfo } from '@kaji/api/meta/v1';
import type { Metrics } from '@kaji/base';
import type { Reader } from './registry/reader.ts';

const build = {
  name: 'kubernetes_build_info', help: 'Always 1, with what was built.',
  labels: ['build_date', 'compiler', 'git_commit', 'git_tree_state', 'git_version', 'go_version', 'major', 'minor', 'platform'],
} as const;
const versions = { name: 'version_info', help: 'Always 1, with the versions that are behaved as.', labels: ['binary', 'component', 'emulation', 'min_compat'] } as const;
const storedObjects = { name: 'apiserver_storage_objects', help: 'Objects kept, by resource.', labels: ['resource'] } as const;
const resourceObjects = { name: 'apiserver_resource_objects', help: 'Objects kept, by group and resource.', labels: ['group', 'resource'] } as const;

export interface KeptObjects {
  readonly reader: Reader;
  readonly kinds: readonly AnyResource[];
}

export function tellOfServer(metrics: Metrics, version: VersionInfo, { reader, kinds }: KeptObjects): void {
  const { major, minor, platform, compiler, buildDate, gitCommit, gitTreeState, gitVersion, goVersion } = version;
  metrics.gauge(build).set({ build_date: buildDate, compiler, git_commit: gitCommit, git_tree_state: gitTreeState, git_version: gitVersion, go_version: goVersion, major, minor, platform }, 1);
  const behaved = `${major}.${minor}`;
  metrics.gauge(versions).set({ binary: behaved, component: 'kube', emulation: behaved, min_compat: `${version.minCompatibilityMajor ?? ''}.${version.minCompatibilityMinor ?? ''}` }, 1);
  const stored = metrics.gauge(storedObjects);
  const kept = metrics.gauge(resourceObjects);
  const listed = kinds.filter(({ verbs }) => verbs.includes('list') && verbs.includes('create'));
  metrics.onRender(() => {
    for (const resource of listed) {
      const count = reader.count(resource, '');
      stored.set({ resource: qualified(resource) }, count);
      kept.set({ group: resource.group, resource: resource.plural }, count);
    }
  });
}
