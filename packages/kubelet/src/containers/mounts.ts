/** What is mounted into a container: its volumes, and the files the kubelet keeps for it. */
import type { Pod } from '@kaji/api/core/v1';
import type { Mount } from '@kaji/cri';
import type { Files } from '@kaji/host';
import { resolveWithin } from '../volumes/sub-path.ts';
import { VolumeError } from '../volumes/payload.ts';
import { own } from '../own.ts';
import { ContainerConfigError } from './environment.ts';
import { expand } from './expansion.ts';
import type { RoledContainer } from '../pod-worker/pod-view.ts';

export interface MountInput {
  readonly files: Files;
  readonly pod: Pod;
  readonly entry: RoledContainer;
  /** Volume names to where they lie on the host. */
  readonly volumes: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string>>;
  /** `/var/lib/kubelet/pods/UID` */
  readonly podDirectory: string;
  readonly hosts: string;
  /** Makes the file for the termination message unlike that of any other run. */
  readonly runId: string;
}

const propagations = { None: 'private', HostToContainer: 'hostToContainer', Bidirectional: 'bidirectional' } as const;

export async function containerMounts(input: MountInput): Promise<Mount[]> {
  const { files, entry: { container }, podDirectory } = input;
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const root = input.volumes.get(mount.name);
    if (root === undefined) throw new ContainerConfigError(`cannot find volume "${mount.name}" to mount into container "${container.name}"`);
    mounts.push({
      containerPath: mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`,
      hostPath: await sourceOf(input, root, mount.subPath ?? '', mount.subPathExpr ?? ''),
      readonly: mount.readOnly === true,
      propagation: propagations[mount.mountPropagation ?? 'None'],
    });
  }
  const isMounted = (path: string): boolean => mounts.some((mount) => mount.containerPath === path);
  if (!isMounted('/etc/hosts')) {
    await files.makeDirectory(podDirectory);
    await files.write(`${podDirectory}/etc-hosts`, input.hosts, { mode: 0o644 });
    mounts.push({ containerPath: '/etc/hosts', hostPath: `${podDirectory}/etc-hosts`, readonly: container.securityContext?.readOnlyRootFilesystem === true });
  }
  const messagePath = container.terminationMessagePath ?? '';
  if (messagePath !== '') {
    const directory = `${podDirectory}/containers/${container.name}`;
    const hostPath = `${directory}/${input.runId}`;
    await files.makeDirectory(directory, { mode: 0o750 });
    await files.write(hostPath, '', { mode: 0o666 });
    await files.chmod(hostPath, 0o666);
    mounts.push({ containerPath: messagePath, hostPath });
  }
  return mounts;
}

async function sourceOf({ files, entry, environment }: MountInput, root: string, subPath: string, expression: string): Promise<string> {
  let path = subPath;
  if (expression !== '') {
    path = expand(expression, (name) => own(environment, name));
    if (/\$\([^)]*\)/.test(path)) throw new ContainerConfigError(`missing value for ${/\$\(([^)]*)\)/.exec(path)?.[1] ?? ''}`);
    if (path.startsWith('/') || path.split('/').includes('..')) throw new ContainerConfigError(`invalid subPath "${path}" for container "${entry.container.name}"`);
  }
  if (path === '') return root;
  try {
    return await resolveWithin(files, root, path);
  } catch (error) {
    if (!(error instanceof VolumeError)) throw error;
    throw new ContainerConfigError(`failed to prepare subPath for volumeMount of container "${entry.container.name}"`, { cause: error });
  }
}
