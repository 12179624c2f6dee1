/** KubeProxyConfiguration as upstream has it: the fields that this proxy heeds, with upstream's defaults. */
import { bool, duration, int32, message, oneOf, readConfiguration, ref, string, strings } from '@kaji/schema';

class ClientConnection extends message('kubeproxy.config.k8s.io.v1alpha1.ClientConnectionConfiguration', {
  kubeconfig: string(1).always().default(''),
}) {}

class NftablesConfiguration extends message('kubeproxy.config.k8s.io.v1alpha1.KubeProxyNFTablesConfiguration', {
  /** Which bit of a packet's mark says that its source must be rewritten. */
  masqueradeBit: int32(1).explicit().default(14),
  /** Rewrites the source of everything that goes to a cluster address. */
  masqueradeAll: bool(2).always().default(false),
  /** The least time between two updates of the rules. */
  minSyncPeriod: duration(3).default('1s'),
}) {}

export class KubeProxyConfiguration extends message('kubeproxy.config.k8s.io.v1alpha1.KubeProxyConfiguration', {
  clientConnection: ref(1, ClientConnection).present(),
  /** The pods' addresses: what comes from elsewhere to a cluster address has its source rewritten. */
  clusterCIDR: string(2).always().default(''),
  mode: oneOf(3, '', 'nftables').default('nftables'),
  /** Ranges of the node's addresses that answer node ports; absent or `primary`, those of the Node object. */
  nodePortAddresses: strings(4),
  nftables: ref(5, NftablesConfiguration).present(),
  /** Where this proxy says how it is: `/healthz` and `/livez`. */
  healthzBindAddress: string(6).always().default('0.0.0.0:10256'),
}) {}

/** From a parsed file, with defaults. Throws DecodeError where a value has the wrong form. */
export const proxyConfiguration = (value: unknown): KubeProxyConfiguration => readConfiguration(KubeProxyConfiguration, value).configuration;
