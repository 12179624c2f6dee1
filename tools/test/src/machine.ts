/** Sets up what the tests with real programs need, the way `kaji up` does, so that they run and do not skip. */
import { missingPackages, observe, programPackages, installPackages } from '@kaji/bootstrap';
import { realHost } from '@kaji/host';
import { tmpdir } from 'node:os';

/** What was done, in words. Throws when a package cannot be installed. */
export async function prepareMachine(): Promise<string> {
  if (process.getuid?.() !== 0) return 'not root: the tests that need it will skip';
  const host = realHost();
  const observed = await observe(host, { isRoot: true, programs: Object.keys(programPackages), dataDirectory: tmpdir(), pathDirectories: (process.env['PATH'] ?? '').split(':') });
  const packages = missingPackages(observed);
  if (packages.length === 0) return 'everything is here';
  if (!observed.hasApt) return `no apt-get to install ${packages.join(' ')}: the tests that need them will skip`;
  await installPackages(host, packages);
  return `installed ${packages.join(' ')}`;
}
