// May somebody do something? The question as an object, answered by the same authorizers that every request meets.
import { append } from '@kaji/base';
import { type ApiObject, ApiError, badRequest, type FieldError } from '@kaji/api';
import type { LocalSubjectAccessReview, ResourceAttributes, SelfSubjectAccessReview, SelfSubjectRulesReview, SubjectAccessReview, SubjectAccessReviewSpec } from '@kaji/api/authorization/v1';
import { ObjectMeta } from '@kaji/api/meta/v1';
import { encodeJson, qualifiedNameErrors } from '@kaji/schema';
import type { Action, User } from '../pipeline/request.ts';
import type { Evaluate } from '../registry/parts.ts';
import { type Authorizer, resourceAction } from './authorizer.ts';
import { nodeNameOf } from './node-authorizer.ts';
import { aggregate, type Rbac } from './rbac.ts';

const group = 'authorization.k8s.io';

export function accessReviews(authorizer: Authorizer, rbac: () => Rbac): ReadonlyMap<string, Evaluate> {
  return new Map<string, Evaluate>([
    [`subjectaccessreviews.${group}`, (object) => {
      const review = object as SubjectAccessReview & ApiObject; // the registry decoded the body as this kind
      refuse([...specErrors(review.spec), ...subjectErrors(review.spec), ...selectorErrors(review.spec), ...metadataErrors(review)]);
      return { ...review, status: decide(authorizer, subjectOf(review.spec), review.spec) };
    }],
    [`selfsubjectaccessreviews.${group}`, (object, { user }) => {
      const review = object as SelfSubjectAccessReview & ApiObject; // likewise
      refuse([...specErrors(review.spec), ...selectorErrors(review.spec), ...metadataErrors(review)]);
      return { ...review, status: decide(authorizer, user, review.spec) };
    }],
    [`localsubjectaccessreviews.${group}`, (object, { target }) => {
      const review = object as LocalSubjectAccessReview & ApiObject; // likewise
      refuse(localErrors(review));
      if ((review.spec.resourceAttributes?.namespace ?? '') !== target.namespace) throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${target.namespace}`);
      return { ...review, status: decide(authorizer, subjectOf(review.spec), review.spec) };
    }],
    [`selfsubjectrulesreviews.${group}`, (object, { user }) => {
      const review = object as SelfSubjectRulesReview & ApiObject; // likewise
      const namespace = review.spec.namespace ?? '';
      if (namespace === '') throw badRequest('no namespace on request');
      // Kubernetes: the answer does not repeat the question.
      return { metadata: {}, spec: {}, status: rulesOf(rbac(), user, namespace) } as ApiObject; // spec and status belong to the kind, not to what all objects have
    }],
  ]);
}

const subjectOf = (spec: SubjectAccessReviewSpec): User => ({
  name: spec.user ?? '', groups: spec.groups ?? [], ...(spec.uid === undefined ? {} : { uid: spec.uid }), ...(spec.extra === undefined ? {} : { extra: spec.extra }),
});

function decide(authorizer: Authorizer, user: User, spec: Pick<SubjectAccessReviewSpec, 'resourceAttributes' | 'nonResourceAttributes'>): NonNullable<SubjectAccessReview['status']> {
  const { isAllowed, isDenied, reason, evaluationError: problem } = authorizer.authorize(user, actionOf(spec));
  const evaluationError = aggregate([...ignoredSelectors(spec), ...(problem === undefined ? [] : [problem])]);
  return {
    allowed: isAllowed, ...(isDenied === true && !isAllowed ? { denied: true } : {}),
    ...(reason === '' ? {} : { reason }), ...(evaluationError === '' ? {} : { evaluationError }),
  };
}

/** Selectors with an operator that we do not know count as none, and the answer says so. */
function ignoredSelectors({ resourceAttributes }: Pick<SubjectAccessReviewSpec, 'resourceAttributes'>): readonly string[] {
  const known = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
  return (['fieldSelector', 'labelSelector'] as const).filter((key) => (resourceAttributes?.[key]?.requirements ?? []).some(({ operator }) => !known.includes(operator ?? ''))).map((key) => `spec.resourceAttributes.${key} ignored due to parse error`);
}

function actionOf({ resourceAttributes: of, nonResourceAttributes: path }: Pick<SubjectAccessReviewSpec, 'resourceAttributes' | 'nonResourceAttributes'>): Action {
  if (of === undefined) return { ...resourceAction({ verb: path?.verb ?? '', plural: '' }), isResource: false, path: path?.path ?? '' };
  return resourceAction({
    verb: of.verb ?? '', group: of.group ?? '', version: of.version ?? '', plural: of.resource ?? '', subresource: of.subresource ?? '', namespace: of.namespace ?? '', name: of.name ?? '',
    ...selectorText('fieldSelector', of), ...selectorText('labelSelector', of),
  });
}

/** The selector as a query would carry it; operators a query cannot say are left out, which makes the request wider, not narrower. */
function selectorText(key: 'fieldSelector' | 'labelSelector', of: ResourceAttributes): Partial<Action> {
  const selector = of[key];
  if (selector === undefined) return {};
  const terms = (selector.requirements ?? []).flatMap(({ key: name, operator, values }) => {
    if (operator === 'In' && values?.length === 1) return [`${name}=${values[0] ?? ''}`];
    if (operator === 'NotIn' && values?.length === 1) return [`${name}!=${values[0] ?? ''}`];
    return [];
  });
  const text = selector.rawSelector === undefined || selector.rawSelector === '' ? terms.join(',') : selector.rawSelector;
  return text === '' ? {} : { [key]: text };
}

const required = (field: string, why: string): FieldError => ({ field, reason: 'FieldValueRequired', message: `Required value: ${why}` });
const wrong = (field: string, value: string, why: string): FieldError => ({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}` });

function specErrors({ resourceAttributes, nonResourceAttributes }: Pick<SubjectAccessReviewSpec, 'resourceAttributes' | 'nonResourceAttributes'>): readonly FieldError[] {
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) return [wrong('spec.nonResourceAttributes', goAttributes(nonResourceAttributes), 'cannot be specified in combination with resourceAttributes')];
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) return [wrong('spec.resourceAttributes', 'null', 'exactly one of nonResourceAttributes or resourceAttributes must be specified')];
  return [];
}

/** Kubernetes: the message shows the internal type, whose names begin with capitals. */
const goAttributes = (of: { readonly path?: string | undefined; readonly verb?: string | undefined }): string => JSON.stringify({ Path: of.path ?? '', Verb: of.verb ?? '' });

const subjectErrors = (spec: SubjectAccessReviewSpec): readonly FieldError[] =>
  (spec.user ?? '') === '' && (spec.groups ?? []).length === 0 ? [wrong('spec.user', '""', 'at least one of user or group must be specified')] : [];

function localErrors(review: LocalSubjectAccessReview): readonly FieldError[] {
  const { spec, metadata } = review;
  const errors = [...specErrors(spec), ...subjectErrors(spec), ...selectorErrors(spec)];
  const { namespace, ...rest } = metadata;
  if (Object.keys(rest).some((key) => key !== 'managedFields' && key !== 'creationTimestamp')) errors.push(wrong('metadata', goMetadata(metadata), 'must be empty except for namespace'));
  const own = spec.resourceAttributes?.namespace ?? '';
  if (spec.resourceAttributes !== undefined && own !== (namespace ?? '')) errors.push(wrong('spec.resourceAttributes.namespace', JSON.stringify(own), 'must match metadata.namespace'));
  if (spec.nonResourceAttributes !== undefined) errors.push(wrong('spec.nonResourceAttributes', goAttributes(spec.nonResourceAttributes), 'disallowed on this kind of request'));
  return errors;
}

function metadataErrors({ metadata }: ApiObject): readonly FieldError[] {
  const isEmpty = Object.keys(metadata).every((key) => key === 'managedFields' || key === 'creationTimestamp');
  return isEmpty ? [] : [wrong('metadata', goMetadata(metadata), 'must be empty')];
}

const goMetadata = (metadata: ApiObject['metadata']): string => new TextDecoder().decode(encodeJson(ObjectMeta, metadata));

function selectorErrors({ resourceAttributes: of }: Pick<SubjectAccessReviewSpec, 'resourceAttributes'>): readonly FieldError[] {
  if (of === undefined) return [];
  const errors: FieldError[] = [];
  for (const key of ['fieldSelector', 'labelSelector'] as const) {
    const selector = of[key];
    const path = `spec.resourceAttributes.${key}`;
    if (selector === undefined) continue;
    const raw = selector.rawSelector ?? '';
    const requirements = selector.requirements ?? [];
    if (raw !== '' && requirements.length > 0) errors.push(wrong(`${path}.rawSelector`, JSON.stringify(raw), 'may not specified at the same time as requirements'));
    if (raw === '' && requirements.length === 0) errors.push(required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`));
    for (const [index, requirement] of requirements.entries()) append(errors, requirementErrors(`${path}.requirements[${index}]`, requirement, key === 'labelSelector'));
  }
  return errors;
}

function requirementErrors(path: string, { key = '', operator, values = [] }: { readonly key?: string | undefined; readonly operator?: string | undefined; readonly values?: readonly string[] | undefined }, isLabel: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  // Kubernetes: an operator we do not know is let through, because newer servers may ask with it.
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) errors.push({ field: `${path}.values`, reason: 'FieldValueForbidden', message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'" });
  if (isLabel) for (const problem of qualifiedNameErrors(key)) errors.push(wrong(`${path}.key`, JSON.stringify(key), problem));
  else if (key === '') errors.push(required(`${path}.key`, 'must be specified'));
  return errors;
}

/** Kubernetes: the group alone stands where other kinds' names do. */
function refuse(errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  throw new ApiError('Invalid', `.${group} "" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`, {
    details: { group, causes: errors.map(({ field, message, reason }) => ({ reason, message, field })) },
  });
}

function rulesOf(rbac: Rbac, user: User, namespace: string): NonNullable<SelfSubjectRulesReview['status']> {
  const { rules, problems } = rbac.rulesFor(user, namespace);
  const isNode = nodeNameOf(user) !== undefined;
  const errors = [...problems, ...(isNode ? ['node authorizer does not support user rule resolution'] : [])];
  return {
    resourceRules: [
      ...rules.filter((rule) => (rule.resources ?? []).length > 0).map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs, ...(apiGroups === undefined ? {} : { apiGroups }), ...(resources === undefined ? {} : { resources }), ...(resourceNames === undefined ? {} : { resourceNames }),
      })),
    ],
    nonResourceRules: [
      ...rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0).map(({ verbs, nonResourceURLs }) => ({ verbs, ...(nonResourceURLs === undefined ? {} : { nonResourceURLs }) })),
    ],
    incomplete: isNode, ...(errors.length === 0 ? {} : { evaluationError: aggregate(errors) }),
  };
}
