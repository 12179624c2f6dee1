/** The first phases of `up`: looks at the machine, and installs what it lacks. */
import { check, installPackages, missingPackages, type Observed, observe, programPackages } from '@kaji/bootstrap';
import { HostError } from '@kaji/host';
import type { Shell } from '../command.ts';
import type { Phases } from '../phases.ts';

export async function checkMachine(shell: Shell, phases: Phases, options: { readonly mayInstall: boolean; readonly dataDirectory: string }): Promise<Observed> {
  const look = (): Promise<Observed> => observe(shell.host, {
    isRoot: shell.userId === 0,
    programs: Object.keys(programPackages),
    dataDirectory: options.dataDirectory,
    pathDirectories: (shell.environment['PATH'] ?? '').split(':').filter((directory) => directory !== ''),
  });
  let observed = await phases.run('machine', look);
  const packages = missingPackages(observed);
  if (packages.length > 0 && observed.isRoot) {
    const advice = `apt-get install ${packages.join(' ')}`;
    if (!options.mayInstall) throw new HostError(`missing: ${packages.join(' ')}\nInstall them and run the same command again: ${advice}`);
    if (!observed.hasApt) throw new HostError(`missing: ${packages.join(' ')} (by their Debian names), and there is no apt-get to install them with\nInstall them and run the same command again`);
    await phases.run(`packages: ${packages.join(' ')}`, () => installPackages(shell.host, packages));
    observed = await look();
  }
  const findings = check(observed);
  for (const finding of findings) if (finding.severity === 'warning') shell.out(`! ${finding.message}. To change that: ${finding.advice}\n`);
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length > 0) throw new HostError(`this machine cannot hold a cluster yet:\n${errors.map(({ message, advice }) => `  ${message}\n    try: ${advice}`).join('\n')}`);
  return observed;
}
