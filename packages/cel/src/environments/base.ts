/** What every expression of the API may use, by the version of Kubernetes that must still understand it. */
import { addresses, authorization, authorizationSelectors, formats, lists, networks, quantities, regex, urls, versions } from '../declarations/kubernetes.ts';
import type { Library } from '../declarations/library.ts';
import { listExtension, optionals, sets, standard, strings, twoVariables } from '../declarations/standard.ts';
import { Environment } from '../environment.ts';
import { kubernetesMacros } from '../library-macros.ts';

/**
 * `new`: what is written now, which the version before this one must understand, too (a cluster may go back to it).
 * `stored`: what stands in the store already, however it came there.
 */
export type Age = 'new' | 'stored';

/** The minor version that new expressions are held to: one before the one that is served. */
const compatible = 35;

/** In the order in which their functions' overloads are tried. */
const libraries: readonly Library[] = [
  standard, urls, regex, lists, authorization, optionals, quantities, strings, sets, addresses, networks, formats, authorizationSelectors, twoVariables, versions, listExtension,
];

const environments: Readonly<Record<Age, Environment>> = {
  new: Environment.of(libraries.filter(({ since }) => since <= compatible), kubernetesMacros),
  stored: Environment.of(libraries, kubernetesMacros),
};

/** The functions of that age, without any variable. */
export const baseEnvironment = (age: Age): Environment => environments[age];
