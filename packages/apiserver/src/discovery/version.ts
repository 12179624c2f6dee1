// Which Kubernetes this is, and which build of ours.
import type { VersionInfo } from '@kaji/api/meta/v1';

/** The version whose behaviour we show: clients compare it with their own. */
export const kubernetesVersion = 'v1.36.2';

/** The release that it belongs to, as OpenAPI documents name it. */
export const releaseName = '1.36';

/** A build that does not know its commit. */
const unknownCommit = '0'.repeat(40);

export function versionInfo(commit: string): VersionInfo {
  return {
    major: '1', minor: '36', emulationMajor: '1', emulationMinor: '36', minCompatibilityMajor: '1', minCompatibilityMinor: '35',
    gitVersion: kubernetesVersion, gitCommit: commit === '' ? unknownCommit : commit, gitTreeState: 'clean', buildDate: '1970-01-01T00:00:00Z',
    // Kubernetes: clients read these two with the version, and some refuse what they do not know: they are those of the release.
    goVersion: 'go1.26.8', compiler: 'gc', platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
