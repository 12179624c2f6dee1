import { message, string } from '@kaji/schema';

/** Which version of Kubernetes a server behaves as, and what it was built from. Never travels as protobuf. */
export class VersionInfo extends message('k8s.io.apimachinery.pkg.version.Info', {
  /** The first number of the version. */
  major: string(1).required(),
  /** The second number of the version. */
  minor: string(2).required(),
  /** The first number of the version that is imitated. */
  emulationMajor: string(3),
  /** The second number of the version that is imitated. */
  emulationMinor: string(4),
  /** The first number of the oldest version that the stored data can be used with. */
  minCompatibilityMajor: string(5),
  /** The second number of the oldest version that the stored data can be used with. */
  minCompatibilityMinor: string(6),
  /** The whole version, as in v1.36.2. */
  gitVersion: string(7).required(),
  /** The commit that was built. */
  gitCommit: string(8).required(),
  /** Whether there were changes beside the commit: clean, dirty or archive. */
  gitTreeState: string(9).required(),
  /** When it was built. */
  buildDate: string(10).required(),
  /** What compiled it, and in which version. */
  goVersion: string(11).required(),
  /** The name of the compiler. */
  compiler: string(12).required(),
  /** The system and the processor it runs on, as in linux/amd64. */
  platform: string(13).required(),
}) {}
