/** What names of objects may look like. Each kind picks one. */
import { dns1123LabelErrors, dns1123SubdomainErrors, pathSegmentErrors } from '@kaji/schema';
import type { NameRule } from './object-meta-rules.ts';

/** A prefix may end in a dash, since more follows. */
const masked = (name: string, isPrefix: boolean): string => (isPrefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name);

/** `web-1.example`: what most kinds want. */
export const subdomainName: NameRule = (name, isPrefix) => dns1123SubdomainErrors(masked(name, isPrefix));

/** `web-1`: names that become a label of DNS. */
export const labelName: NameRule = (name, isPrefix) => dns1123LabelErrors(masked(name, isPrefix));

/** Whatever fits one segment of a path: `system:node`. */
export const segmentName: NameRule = (name) => pathSegmentErrors(name);
