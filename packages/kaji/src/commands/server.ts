import { command } from '../command.ts';
import { integer, text, UsageError } from '../flags.ts';

const file = (help: string): ReturnType<typeof text> => text(help, '', { placeholder: 'FILE' });

const serverFlags = {
  bindAddress: text('address to listen at', '0.0.0.0'),
  securePort: integer('port to listen at', 6443),
  advertiseAddress: text('address that the Service kubernetes leads to'),
  tlsCertFile: file('certificate that clients are shown'),
  tlsPrivateKeyFile: file('its key'),
  clientCaFile: file('authority of client certificates'),
  kubeletClientCertificate: file('certificate that kubelets are shown'),
  kubeletClientKey: file('its key'),
  kubeletCertificateAuthority: file('authority of kubelets'),
  serviceAccountIssuer: text('who issues the tokens of service accounts', 'https://kubernetes.default.svc.cluster.local'),
  serviceAccountKeyFile: file('public key that tokens are checked with'),
  serviceAccountSigningKeyFile: file('private key that tokens are signed with'),
  serviceClusterIpRange: text('addresses of Services', '10.96.0.0/12', { placeholder: 'CIDR' }),
  clusterCidr: text('addresses of pods', '10.244.0.0/16', { placeholder: 'CIDR' }),
  schedulerConfig: file('a KubeSchedulerConfiguration (optional)'),
  admissionControlConfigFile: file('an AdmissionConfiguration (optional)'),
  enableAdmissionPlugins: text('admission steps to run beyond the default ones (optional)', '', { placeholder: 'NAMES' }),
  disableAdmissionPlugins: text('admission steps to leave out (optional)', '', { placeholder: 'NAMES' }),
  dataDir: text('directory of the store', '', { placeholder: 'DIR' }),
};

const optional: ReadonlySet<string> = new Set(['schedulerConfig', 'admissionControlConfigFile', 'enableAdmissionPlugins', 'disableAdmissionPlugins']);

export const server = command({
  name: 'server', usage: '', summary: 'Run a control plane in the foreground: API server, controllers, scheduler, store',
  details: 'Flags have the names that kube-apiserver and kube-controller-manager give them.',
  examples: ['kaji server --data-dir /var/lib/kaji/server --client-ca-file ca.crt ...'],
  flags: serverFlags,
  async run(shell, { flags }) {
    for (const [name, value] of Object.entries(flags)) if (value === '' && !optional.has(name)) throw new UsageError(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is needed`);
    const { dataDir, ...rest } = flags;
    const { runServer } = await import('@kaji/cluster/server'); // only who runs a server waits for it to load
    await runServer(shell.runtime, shell.host, { ...rest, dataDirectory: dataDir, hasPodRoutes: shell.userId === 0 }, shell.signal);
    return 0;
  },
});
