/** Installs Debian packages, and nothing beside them: no recommendations, and no daemon is started. */
import { type Host, HostError } from '@kaji/host';

const policyPath = '/usr/sbin/policy-rc.d';
/** The status that tells Debian's package scripts not to start what they installed. */
const policy = '#!/bin/sh\nexit 101\n';

export async function installPackages(host: Host, packages: readonly string[]): Promise<void> {
  // A containerd of the machine's own would otherwise start beside ours.
  const ownsPolicy = (await host.files.status(policyPath)) === undefined;
  if (ownsPolicy) await host.files.write(policyPath, policy, { mode: 0o755 });
  try {
    const first = await install(host, packages);
    if (first.code === 0) return;
    await host.processes.run(['apt-get', '-q', 'update']); // lists may be missing or old; what install says next counts
    const second = await install(host, packages);
    if (second.code !== 0) throw new HostError(`apt-get could not install ${packages.join(' ')}: ${second.stderr.trim() || second.stdout.trim()}`);
  } finally {
    if (ownsPolicy) await host.files.remove(policyPath);
  }
}

function install(host: Host, packages: readonly string[]): ReturnType<Host['processes']['run']> {
  return host.processes.run(['apt-get', '-q', '-y', '--no-install-recommends', 'install', ...packages], { environment: { DEBIAN_FRONTEND: 'noninteractive' } });
}
