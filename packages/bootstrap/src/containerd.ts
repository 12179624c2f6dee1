/** containerd's configuration for a node, and images put into it. */
import { type Host, HostError } from '@kaji/host';
import { pauseImageName } from './images/pause.ts';

export interface ContainerdOptions {
  /** Without CAP_SYS_RESOURCE lowering oom_score_adj is refused, and runc dies of it. */
  readonly canLowerOomScore: boolean;
  readonly cniBinDirectory: string;
  readonly pauseImage?: string;
}

/**
 * A file for containerd 1.6 and later (version 2 of the format, which 2.x still reads). Paths are those that the node sees:
 * its own root, state and socket lie at the usual places, so that ctr and crictl work in a node without options.
 */
export function renderContainerdConfig({ canLowerOomScore, cniBinDirectory, pauseImage = pauseImageName }: ContainerdOptions): string {
  const cri = '[plugins."io.containerd.grpc.v1.cri"';
  return [
    'version = 2',
    'root = "/var/lib/containerd"',
    'state = "/run/containerd"',
    `oom_score = ${canLowerOomScore ? -999 : 0}`,
    // What a cluster without devices never uses: each plugin left out is memory and start-up time.
    'disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]',
    '',
    '[grpc]',
    '  address = "/run/containerd/containerd.sock"',
    '',
    `${cri}]`,
    `  sandbox_image = "${pauseImage}"`,
    `  restrict_oom_score_adj = ${canLowerOomScore ? 'false' : 'true'}`,
    '  netns_mounts_under_state_dir = true',
    '  stream_server_address = "127.0.0.1"',
    '  stream_server_port = "0"',
    '  max_concurrent_downloads = 5',
    '  [plugins."io.containerd.grpc.v1.cri".cni]',
    `    bin_dir = "${cniBinDirectory}"`,
    '    conf_dir = "/etc/cni/net.d"',
    '  [plugins."io.containerd.grpc.v1.cri".containerd]',
    '    snapshotter = "overlayfs"',
    '    default_runtime_name = "runc"',
    '    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]',
    '      runtime_type = "io.containerd.runc.v2"',
    '      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]',
    '        SystemdCgroup = false',
    '  [plugins."io.containerd.grpc.v1.cri".registry]',
    '    config_path = "/etc/containerd/certs.d"',
    '',
  ].join('\n');
}

/** Imports an OCI or docker archive, a path on the host, into the containerd at a socket. Gives the names of its images. */
export async function importImage(host: Host, socket: string, archive: string, signal?: AbortSignal): Promise<readonly string[]> {
  const command = ['ctr', '-a', socket, '-n', 'k8s.io', 'images', 'import', '--all-platforms', archive];
  const finished = await host.processes.run(command, signal === undefined ? {} : { signal });
  // An archive of one platform may lack blobs of the others that its index names: then only ours.
  const again = finished.code === 0 ? finished : await host.processes.run(command.filter((word) => word !== '--all-platforms'), signal === undefined ? {} : { signal });
  if (again.code !== 0) throw new HostError(importProblem(archive, again.stderr.trim()));
  return [...again.stdout.matchAll(/^unpacking (\S+)/gm)].map((match) => match[1] ?? '');
}

/** containerd's own words say little to who only mistook a file. */
export function importProblem(archive: string, reason: string): string {
  const advice = /unrecognized image format|invalid tar|unexpected EOF|no such image|manifest/i.test(reason) ? ` Is it an image archive? 'docker save NAME:TAG > image.tar' makes one, as 'podman save' does.` : '';
  return `${archive} could not be imported: ${reason}.${advice}`;
}

/** Names of the images that the containerd at a socket has. */
export async function imageNames(host: Host, socket: string): Promise<ReadonlySet<string>> {
  return new Set((await host.processes.check(['ctr', '-a', socket, '-n', 'k8s.io', 'images', 'ls', '-q'])).split('\n'));
}
