/** Rules for pods that speak to the world outside the cluster: nobody there could answer to a pod's address. */

export const masqueradeTable = 'kaji-network';

/** For `nft -f -`; replaces itself. Pods reach each other, and the nodes reach pods, under their own addresses. */
export function renderMasquerade(podRange: string): string {
  return [
    `table ip ${masqueradeTable}`,
    `delete table ip ${masqueradeTable}`,
    `table ip ${masqueradeTable} {`,
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat;',
    `    ip saddr ${podRange} ip daddr != ${podRange} ip daddr != 224.0.0.0/4 masquerade`,
    '  }',
    '}',
    '',
  ].join('\n');
}
