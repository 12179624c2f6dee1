/** How parsing ends that goes no further. */

/** Ends the parsing of a text: too deep, or too much wrong. `message` is absent where all is reported already. */
export class ParsingStopped extends Error {
  readonly issue: string | undefined;

  constructor(issue: string | undefined) {
    super(issue);
    this.issue = issue;
  }
}
