/** Forms of names and other text. Each answers the messages of what is wrong, in upstream's words; none when it is right. */

const withRegex = (message: string, regex: string, ...examples: readonly string[]): string =>
  examples.length === 0 ? `${message} (regex used for validation is '${regex}')` : `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${regex}')`;

export const maximumLengthMessage = (length: number): string => `must be no more than ${length} characters`;
export const emptyMessage = 'must be non-empty';
export const rangeMessage = (least: number, most: number): string => `must be between ${least} and ${most}, inclusive`;

const labelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainFormat = `${labelFormat}(\\.${labelFormat})*`;
const labelRegex = new RegExp(`^${labelFormat}$`);
const subdomainRegex = new RegExp(`^${subdomainFormat}$`);
const labelMessage = withRegex("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", labelFormat, 'my-name', '123-abc');
const subdomainMessage = withRegex("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", subdomainFormat, 'example.com');

export function dns1123LabelErrors(value: string): string[] {
  const errors = value.length > 63 ? [maximumLengthMessage(63)] : [];
  if (!labelRegex.test(value)) errors.push(subdomainRegex.test(value) ? 'must not contain dots' : labelMessage);
  return errors;
}

export function dns1123SubdomainErrors(value: string): string[] {
  const errors = value.length > 253 ? [maximumLengthMessage(253)] : [];
  if (!subdomainRegex.test(value)) errors.push(subdomainMessage);
  return errors;
}

const underscoreLabel = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomain = `${underscoreLabel}(\\.${underscoreLabel})*`;
const underscoreRegex = new RegExp(`^${underscoreSubdomain}$`);

export function dns1123SubdomainWithUnderscoreErrors(value: string): string[] {
  const errors = value.length > 253 ? [maximumLengthMessage(253)] : [];
  if (!underscoreRegex.test(value)) {
    errors.push(withRegex("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character", underscoreSubdomain, 'example.com'));
  }
  return errors;
}

const dns1035Format = '[a-z]([-a-z0-9]*[a-z0-9])?';
const dns1035Regex = new RegExp(`^${dns1035Format}$`);

export function dns1035LabelErrors(value: string): string[] {
  const errors = value.length > 63 ? [maximumLengthMessage(63)] : [];
  if (!dns1035Regex.test(value)) {
    errors.push(withRegex("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character", dns1035Format, 'my-name', 'abc-123'));
  }
  return errors;
}

const wildcardFormat = `\\*\\.${subdomainFormat}`;
const wildcardRegex = new RegExp(`^${wildcardFormat}$`);

export function wildcardSubdomainErrors(value: string): string[] {
  const errors = value.length > 253 ? [maximumLengthMessage(253)] : [];
  if (!wildcardRegex.test(value)) {
    errors.push(withRegex("a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character", wildcardFormat, '*.example.com'));
  }
  return errors;
}

const keyFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const keyRegex = new RegExp(`^${keyFormat}$`);
const keyMessage = withRegex("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", keyFormat, 'MyName', 'my.name', '123-abc');

function isQualifiedName(value: string): boolean {
  const slash = value.indexOf('/');
  if (slash < 0) return value.length <= 63 && keyRegex.test(value);
  return slash <= 253 && value.length - slash <= 64 && subdomainRegex.test(value.slice(0, slash)) && keyRegex.test(value.slice(slash + 1));
}

/** A key of labels and annotations: a name, with a DNS subdomain and a slash before it or not. */
export function qualifiedNameErrors(value: string): string[] {
  if (isQualifiedName(value)) return []; // as nearly all are
  const parts = value.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return [`a valid label key ${keyMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const errors: string[] = [];
  if (second !== undefined) {
    if (first === '') errors.push(`prefix part ${emptyMessage}`);
    else {
      if (first.length > 253) errors.push('prefix part must be no more than 253 bytes');
      if (!subdomainRegex.test(first)) errors.push(`prefix part ${subdomainMessage}`);
    }
  }
  const name = second ?? first;
  if (name === '') errors.push(`name part ${emptyMessage}`);
  else if (name.length > 63) errors.push('name part must be no more than 63 bytes');
  if (!keyRegex.test(name)) errors.push(`name part ${keyMessage}`);
  return errors;
}

const valueFormat = `(${keyFormat})?`;
const valueRegex = new RegExp(`^${valueFormat}$`);

export function labelValueErrors(value: string): string[] {
  const errors = value.length > 63 ? ['must be no more than 63 bytes'] : [];
  if (!valueRegex.test(value)) {
    errors.push(withRegex("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", valueFormat, 'MyValue', 'my_value', '12345'));
  }
  return errors;
}

function parentDirectoryErrors(value: string): string[] {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

export function configMapKeyErrors(value: string): string[] {
  const errors = value.length > 253 ? [maximumLengthMessage(253)] : [];
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    errors.push(withRegex("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", '[-._a-zA-Z0-9]+', 'key.name', 'KEY_NAME', 'key-name'));
  }
  return [...errors, ...parentDirectoryErrors(value)];
}

/** A name of an environment variable: printable ASCII but `=`. */
export function envVarNameErrors(value: string): string[] {
  const errors = value === '' ? [`environment variable name ${emptyMessage}`] : [];
  if (!/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) errors.push("a valid environment variable name must consist only of printable ASCII characters other than '='");
  return errors;
}

export function cIdentifierErrors(value: string): string[] {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? [] : [withRegex("a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'", '[A-Za-z_][A-Za-z0-9_]*', 'my_name', 'MY_NAME', 'MyName')];
}

export function portNameErrors(value: string): string[] {
  const errors = value.length > 15 ? [maximumLengthMessage(15)] : [];
  if (!/^[-a-z0-9]+$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export const portNumberErrors = (value: number): string[] => (value >= 1 && value <= 65535 ? [] : [rangeMessage(1, 65535)]);

export const percentErrors = (value: string): string[] => (/^[0-9]+%$/.test(value) ? [] : [withRegex("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%')]);

export const headerNameErrors = (value: string): string[] => (/^[-A-Za-z0-9]+$/.test(value) ? [] : [withRegex("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name')]);

/** A name that can stand in a URL's path; with `isPrefix`, the beginning of one. */
export function pathSegmentErrors(value: string, isPrefix = false): string[] {
  if (!isPrefix && (value === '.' || value === '..')) return [`may not be '${value}'`];
  return ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}
