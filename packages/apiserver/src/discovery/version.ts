// Which Kubernetes this is, and which build of ours.

export interface VersionInfo {
  readonly major: string;
  readonly minor: string;
  readonly emulationMajor: string;
  readonly emulationMinor: string;
  readonly minCompatibilityMajor: string;
  readonly minCompatibilityMinor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
}

/** The version whose behaviour we show: clients compare it with their own. */
export const kubernetesVersion = 'v1.36.2';

/** The release that it belongs to, as OpenAPI documents name it. */
export const releaseName = '1.36';

export function versionInfo(commit: string): VersionInfo {
  return {
    major: '1', minor: '36', emulationMajor: '1', emulationMinor: '36', minCompatibilityMajor: '1', minCompatibilityMinor: '35',
    gitVersion: kubernetesVersion, gitCommit: commit, gitTreeState: commit === '' ? 'archive' : 'clean', buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node${process.version}`, compiler: 'typescript', platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
}
