/** A way of making the kernel do what a table says. */
import type { Host } from '@kaji/host';
import { renderChanges, renderNftables, tableName } from './render-nftables.ts';
import { type Fragment, ruleset, type Ruleset } from './ruleset.ts';
import type { ServiceEntry, Table } from './table.ts';

export interface Backend {
  readonly name: string;
  /** Level-triggered: the whole table that should be. What is there already costs nothing. Throws HostError when the kernel refuses. */
  sync(desired: Table): Promise<void>;
  /** Removes everything. */
  cleanup(): Promise<void>;
}

/** Rules in the kernel's nftables, handed over by `nft`: the whole table at first, then only what differs, each time in one transaction. */
export class NftablesBackend implements Backend {
  readonly name = 'nftables';
  readonly #host: Host;
  readonly #fragments = new WeakMap<ServiceEntry, Fragment>();
  #applied: Ruleset | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  async sync(desired: Table): Promise<void> {
    const wanted = ruleset(desired, this.#fragments);
    const text = this.#applied === undefined ? renderNftables(wanted) : renderChanges(this.#applied, wanted);
    // Until the kernel has said yes, what is there is not known: the next try writes everything anew.
    this.#applied = undefined;
    if (text !== '') await this.#host.processes.check(['nft', '-f', '-'], { input: text });
    this.#applied = wanted;
  }

  async cleanup(): Promise<void> {
    this.#applied = undefined;
    await this.#host.processes.check(['nft', '-f', '-'], { input: `table ip ${tableName}\ndelete table ip ${tableName}\n` });
  }
}
