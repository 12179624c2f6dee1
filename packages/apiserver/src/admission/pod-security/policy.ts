/** Which level of pod security a namespace asks for, read from its labels. Pure. */
import type { FieldError } from '@kaji/api';
import { fieldInvalid } from '../../registry/invalid.ts';

/** From the loosest to the strictest. */
export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** `latest` or `v1.N`. */
export type PolicyVersion = string;

export interface LevelVersion {
  readonly level: Level;
  readonly version: PolicyVersion;
}

/** What is refused, what is recorded and what is warned of. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

export const modes = ['enforce', 'audit', 'warn'] as const;
type Mode = (typeof modes)[number];

const prefix = 'pod-security.kubernetes.io/';
export const levelLabel = (mode: Mode): string => `${prefix}${mode}`;
export const versionLabel = (mode: Mode): string => `${prefix}${mode}-version`;

export const policyText = ({ level, version }: LevelVersion): string => `${level}:${version}`;

export const isSame = (left: LevelVersion, right: LevelVersion): boolean => left.level === right.level && left.version === right.version;

/** Whether two policies judge alike: whatever the version, privileged forbids nothing. */
export const isAlike = (left: LevelVersion, right: LevelVersion): boolean => isSame(left, right) || (left.level === 'privileged' && right.level === 'privileged');

export const isFullyPrivileged = (policy: Policy): boolean => modes.every((mode) => policy[mode].level === 'privileged');

/** Positive when `left` is the stricter. */
export const compareLevels = (left: Level, right: Level): number => levels.indexOf(left) - levels.indexOf(right);

export const isLevel = (text: string): text is Level => (levels as readonly string[]).includes(text);

/** Kubernetes: a number that does not fit 64 bits is no version. */
export const isVersion = (text: string): boolean => text === 'latest' || (/^v1\.(?:0|[1-9][0-9]*)$/.test(text) && BigInt(text.slice(3)) < 2n ** 63n);

export const levelProblem = `must be one of ${levels.join(', ')}`;
export const versionProblem = 'must be "latest" or "v1.x"';

export interface ReadPolicy {
  /** Usable whatever the problems: a wrong level of enforcement counts as restricted, of the other modes as privileged, a wrong version as the latest. */
  readonly policy: Policy;
  readonly problems: readonly FieldError[];
}

export function policyOf(labels: Readonly<Record<string, string>> | undefined, defaults: Policy): ReadPolicy {
  // Most namespaces say nothing, and every pod asks.
  if (labels === undefined || !Object.keys(labels).some((key) => key.startsWith(prefix))) return { policy: defaults, problems: [] };
  const problems: FieldError[] = [];
  const read = (mode: Mode, whenWrong: Level): LevelVersion => {
    let { level, version } = defaults[mode];
    const [levelText, versionText] = [labels[levelLabel(mode)], labels[versionLabel(mode)]];
    if (levelText !== undefined) {
      level = isLevel(levelText) ? levelText : whenWrong;
      if (!isLevel(levelText)) problems.push(fieldInvalid(`metadata.labels[${levelLabel(mode)}]`, levelText, levelProblem));
    }
    if (versionText !== undefined) {
      version = isVersion(versionText) ? versionText : 'latest';
      if (!isVersion(versionText)) problems.push(fieldInvalid(`metadata.labels[${versionLabel(mode)}]`, versionText, versionProblem));
    }
    return { level, version };
  };
  const enforce = read('enforce', 'restricted');
  const audit = read('audit', 'privileged');
  const warn = read('warn', 'privileged');
  // Kubernetes: who enforces a level is also warned of it, unless another level of warning is asked for.
  const isWarnedOfEnforced = labels[levelLabel('warn')] === undefined && isLevel(labels[levelLabel('enforce')] ?? '') && compareLevels(enforce.level, warn.level) > 0;
  if (!isWarnedOfEnforced) return { policy: { enforce, audit, warn }, problems };
  const version = labels[versionLabel('warn')] === undefined ? enforce.version : warn.version;
  return { policy: { enforce, audit, warn: { level: enforce.level, version } }, problems };
}
