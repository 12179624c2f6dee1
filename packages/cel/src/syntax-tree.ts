/** What the parser makes of a text by the rules of the grammar, with holes where the text has errors. */
import type { State } from './grammar-graph.ts';
import type { PartName } from './grammar.ts';
import type { Token } from './tokens.ts';

type Part = { readonly name: PartName; readonly token: Token; readonly node?: undefined } | { readonly name: PartName; readonly node: Node; readonly token?: undefined };

export class Node {
  /** The rule's name, or that of the alternative once it is chosen. */
  name: string;
  readonly start: Token;
  parent: Node | undefined;
  readonly calledAt: State | undefined;
  readonly #parts: Part[] = [];

  constructor(name: string, start: Token, place: { readonly parent: Node | undefined; readonly calledAt: State | undefined }) {
    this.name = name;
    this.start = start;
    this.parent = place.parent;
    this.calledAt = place.calledAt;
  }

  addToken(name: PartName, token: Token): void {
    this.#parts.push({ name, token });
  }

  addNode(name: PartName, node: Node): void {
    this.#parts.push({ name, node });
  }

  token(name: PartName): Token | undefined {
    return this.#parts.find((part) => part.name === name)?.token;
  }

  node(name: PartName): Node | undefined {
    return this.#parts.find((part) => part.name === name)?.node;
  }

  tokens(name: PartName): readonly Token[] {
    return this.#parts.flatMap((part) => (part.name === name && part.token !== undefined ? [part.token] : []));
  }

  nodes(name: PartName): readonly Node[] {
    return this.#parts.flatMap((part) => (part.name === name && part.node !== undefined ? [part.node] : []));
  }
}
