/** The name of a pod template: short, stable, and safe in names and labels. */
import type { PodTemplateSpec } from '@kaji/api/core/v1';

export const hashLabel = 'pod-template-hash';

/**
 * Kubernetes: upstream hashes how Go prints the struct, which nothing else can. What matters is kept: the same template
 * gives the same name, the count of collisions another one, in upstream's alphabet and length.
 */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  let hash = 0x811c9dc5;
  const bytes = new TextEncoder().encode(`${sortedText(template)}${collisionCount === undefined ? '' : `/${collisionCount}`}`);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return safeText(String(hash >>> 0));
}

/** No vowels, no look-alikes: no words come out by chance. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const safeText = (text: string): string => [...text].map((character) => alphabet.charAt((character.codePointAt(0) ?? 0) % alphabet.length)).join('');

const sortedText = (value: unknown): string => JSON.stringify(value, (_name, member: unknown) =>
  typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1))) : member);
