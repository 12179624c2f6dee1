/** What checks of pod security look at, and how they word what they find. Pure. */
import type { Container, PodSpec } from '@kaji/api/core/v1';

/** A pod, or the template of one. */
export interface Subject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

export interface Finding {
  /** What is forbidden, in a word or two. */
  readonly reason: string;
  /** Where it is. */
  readonly detail: string;
}

export type Check = (subject: Subject) => Finding | undefined;

/** All containers: those that initialize, the ordinary and the ephemeral ones. */
export const containersOf = ({ initContainers = [], containers, ephemeralContainers = [] }: PodSpec): readonly Container[] => [...initContainers, ...containers, ...ephemeralContainers];

export const namesWhere = (spec: PodSpec, isMeant: (container: Container) => boolean): readonly string[] => containersOf(spec).filter(isMeant).map(({ name }) => name);

export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');

export const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort();

export const containersText = (names: readonly string[]): string => `${plural('container', 'containers', names.length)} ${quoted(names)}`;

/** `pod and containers "a", "b"`; empty when nobody did it. */
export const settersText = (isPod: boolean, names: readonly string[]): string => [...(isPod ? ['pod'] : []), ...(names.length > 0 ? [containersText(names)] : [])].join(' and ');
