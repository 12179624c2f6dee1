/** The configuration that containerd hands to the CNI reference plugins. */

/** Tried in alphabetical order by containerd; the name leaves room before and after. */
export const cniFileName = '10-kaji.conflist';

/**
 * Each pod has a link of its own to the node (`ptp`), never a bridge: so every packet, also one between two pods of a node, passes the node's
 * routing and with it the service proxy. Addresses come from the node's pod range.
 */
export function renderCniConfig(options: { readonly podRanges: readonly string[]; readonly mtu: number }): string {
  const config = {
    cniVersion: '0.4.0', // what the oldest plugins that Debian has understand
    name: 'kaji',
    plugins: [{
      type: 'ptp',
      // Addresses of pods that leave the cluster are changed by our own rules: the plugin would run iptables for each pod.
      ipMasq: false,
      mtu: options.mtu,
      ipam: { type: 'host-local', ranges: options.podRanges.map((subnet) => [{ subnet }]), routes: [{ dst: '0.0.0.0/0' }] },
    }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
