/** What a library of functions declares, as compact text that is only read when a function is looked up. */

/**
 * Functions of one library. `since` is the minor version of Kubernetes 1 that its expressions may use them from.
 *
 * Each line of `functions` is a function with its overloads: `name: id (arguments) result; id receiver.(arguments) result`. Types are written as they
 * are named, `kubernetes.` left out; a single capital letter is a parameter; `optional(V)` is the optional of a V.
 */
export interface Library {
  readonly since: number;
  readonly functions: string;
}
