/** Names as they come in paths. */
import { badRequest } from '@kaji/api';

/** Kubernetes: a name is one segment of a path, whatever it was encoded as. */
export function checkName(name: string): void {
  if (name === '') return;
  const why = name === '.' || name === '..' ? `may not be '${name}'` : name.includes('/') ? "may not contain '/'" : name.includes('%') ? "may not contain '%'" : undefined;
  if (why !== undefined) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${why}`);
}
