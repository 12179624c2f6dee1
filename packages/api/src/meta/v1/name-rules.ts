/** What names of objects may look like. Each kind picks one. */
import { dns1123LabelErrors, dns1123SubdomainErrors, pathSegmentErrors } from '@kaji/schema';
import { invalid, invalidAll, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { NameRule } from './object-meta-rules.ts';

/** A prefix may end in a dash, since more follows. */
const masked = (name: string, isPrefix: boolean): string => (isPrefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name);

/** `web-1.example`: what most kinds want. */
export const subdomainName: NameRule = (name, isPrefix) => dns1123SubdomainErrors(masked(name, isPrefix));

/** `web-1`: names that become a label of DNS. */
export const labelName: NameRule = (name, isPrefix) => dns1123LabelErrors(masked(name, isPrefix));

/** Whatever fits one segment of a path: `system:node`. */
export const segmentName: NameRule = (name) => pathSegmentErrors(name);

/** What is wrong with a name such as `acme.io/foo`. */
export function domainPathErrors(path: string, name: string): FieldError[] {
  if (name === '') return [required(path)];
  const slash = name.indexOf('/');
  const [host, rest] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  if (host === '' || rest === '') return [invalid(path, name, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  return [
    ...invalidAll(path, host, dns1123SubdomainErrors(host)),
    ...(/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest) ? [] : [invalid(path, rest, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")]),
  ];
}
