/** Rules of CertificateSigningRequests. Reading requests and certificates takes cryptography: who does it says what it found. */
import { dns1123LabelErrors, dns1123SubdomainErrors, wasGivenEmpty } from '@kaji/schema';
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from '../../field-error.ts';
import { metadataErrors } from '../../meta/v1/metadata-checks.ts';
import { validateObjectMetaUpdate, validateFinalizerDomains } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from './certificate-signing-request.ts';

/** What is wrong with what the request holds, in upstream's words. */
export interface RequestProblems {
  readonly request: string | undefined;
  readonly certificate: string | undefined;
  /** The certificate that was there before could not be read either. */
  readonly wasUnreadable: boolean;
}

const shortestSeconds = 600;
const legacySigner = 'kubernetes.io/legacy-unknown';
const usages = [
  'any', 'cert sign', 'client auth', 'code signing', 'content commitment', 'crl sign', 'data encipherment', 'decipher only', 'digital signature', 'email protection', 'encipher only', 'ipsec end system',
  'ipsec tunnel', 'ipsec user', 'key agreement', 'key encipherment', 'microsoft sgc', 'netscape sgc', 'ocsp signing', 's/mime', 'server auth', 'signing', 'timestamping',
];
/** What was said of a request for good. */
const finalTypes = ['Approved', 'Denied', 'Failed'];
const conditionStatuses = ['False', 'True', 'Unknown'];

export function signerNameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  const segments = name.split('/');
  const [domain = '', rest = ''] = segments;
  if (segments.length !== 2) return [invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const labels = domain.split('.');
  // The first bad label is told alone: the messages of others would read the same.
  const firstBad = (value: string, parts: readonly string[], errorsOf: (part: string) => readonly string[]): FieldError[] => {
    const bad = parts.find((part) => errorsOf(part).length > 0);
    return bad === undefined ? [] : errorsOf(bad).map((why) => invalid(path, value, `validating label ${JSON.stringify(bad)}: ${why}`));
  };
  return [
    ...(domain.length > 253 ? [tooLong(path, 253)] : []), ...firstBad(domain, labels, dns1123LabelErrors),
    ...(labels.length < 2 ? [invalid(path, domain, 'should be a domain with at least two segments separated by dots')] : []),
    ...firstBad(rest, rest.split('.'), dns1123SubdomainErrors), ...(name.length > 571 ? [tooLong(path, 571)] : []),
  ];
}

/** `subresource` is empty for a write of the request itself. */
export function validateSigningRequest(request: CertificateSigningRequest, old: CertificateSigningRequest | undefined, subresource: string, problems: RequestProblems): FieldError[] {
  const { metadata, spec, status = {} } = request;
  const isCertificateKept = old !== undefined && (status.certificate ?? '') === (old.status?.certificate ?? '');
  return [
    ...metadataErrors({ isNamespaced: false, nameErrors: () => [] }, 'create', metadata),
    ...(problems.request === undefined ? [] : [invalid('spec.request', spec.request !== '' || wasGivenEmpty(spec, 'request') ? spec.request : null, problems.request)]),
    ...usagesErrors(spec.usages ?? [], old?.spec.usages ?? []), ...signerErrors(spec.signerName, old?.spec.signerName),
    ...(spec.expirationSeconds !== undefined && spec.expirationSeconds < shortestSeconds ? [invalid('spec.expirationSeconds', spec.expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)')] : []),
    ...conditionsErrors(status.conditions ?? [], old?.status?.conditions ?? []),
    ...(problems.certificate === undefined || isCertificateKept || problems.wasUnreadable ? [] : [invalid('status.certificate', '<certificate data>', problems.certificate)]),
    ...(old === undefined ? [] : changeErrors(request, old, subresource)),
  ];
}

function usagesErrors(wanted: readonly string[], before: readonly string[]): FieldError[] {
  if (wanted.length === 0) return [required('spec.usages')];
  const maySayUnknown = before.some((usage) => !usages.includes(usage));
  const mayRepeat = new Set(before).size < before.length;
  return [
    ...wanted.flatMap((usage, index) => (maySayUnknown || usages.includes(usage) ? [] : [notSupported(`spec.usages[${index}]`, usage, usages)])),
    ...wanted.flatMap((usage, index) => (mayRepeat || wanted.indexOf(usage) === index ? [] : [duplicate(`spec.usages[${index}]`, usage)])),
  ];
}

function signerErrors(signer: string, before: string | undefined): FieldError[] {
  if (signer === legacySigner && before !== legacySigner) return [invalid('spec.signerName', signer, 'the legacy signerName is not allowed via this API version')];
  return signerNameErrors(signer, 'spec.signerName');
}

type Condition = CertificateSigningRequestCondition;
const isBoth = (conditions: readonly Condition[]): boolean => ['Approved', 'Denied'].every((type) => conditions.some((condition) => condition.type === type));

function conditionsErrors(conditions: readonly Condition[], before: readonly Condition[]): FieldError[] {
  const mayBeBoth = isBoth(before);
  const mayRepeat = new Set(before.map(({ type }) => type)).size < before.length;
  const mayLackType = before.some(({ type }) => type === '');
  return conditions.flatMap(({ type, status }, index) => {
    const path = `status.conditions[${index}]`;
    const earlier = conditions.slice(0, index);
    const allowed = finalTypes.includes(type) ? ['True'] : conditionStatuses;
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined;
    return [
      ...(type === '' && !mayLackType ? [required(`${path}.type`)] : []),
      ...(status === '' ? [required(`${path}.status`)] : allowed.includes(status) ? [] : [notSupported(`${path}.status`, status, allowed)]),
      ...(!mayBeBoth && opposite !== undefined && earlier.some((other) => other.type === opposite) ? [invalid('status.conditions', type, 'Approved and Denied conditions are mutually exclusive')] : []),
      ...(!mayRepeat && earlier.some((other) => other.type === type) ? [duplicate(`${path}.type`, type)] : []),
    ];
  });
}

function changeErrors({ metadata, status = {} }: CertificateSigningRequest, { metadata: oldMetadata, status: old = {} }: CertificateSigningRequest, subresource: string): FieldError[] {
  const change = (type: string): number => count(status.conditions, type) - count(old.conditions, type);
  const isSet = (status.certificate ?? '') !== (old.certificate ?? '');
  return [
    ...finalTypes.filter((type) => change(type) < 0).map((type) => forbidden('status.conditions', `updates may not remove a condition of type "${type}"`)),
    ...(subresource === 'approval' ? [] : ['Approved', 'Denied'].filter((type) => change(type) > 0).map((type) => forbidden('status.conditions', `updates may not add a condition of type "${type}"`))),
    ...(!isSet ? [] : subresource !== 'status' ? [forbidden('status.certificate', 'updates may not set certificate content')] : (old.certificate ?? '') === '' ? [] : [forbidden('status.certificate', 'updates may not modify existing certificate content')]),
    ...validateObjectMetaUpdate(metadata, oldMetadata), ...validateFinalizerDomains(metadata.finalizers, 'metadata.finalizers'),
  ];
}

const count = (conditions: readonly Condition[] | undefined, type: string): number => (conditions ?? []).filter((condition) => condition.type === type).length;
