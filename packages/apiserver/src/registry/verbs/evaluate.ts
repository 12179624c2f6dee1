/** POST of a kind that is computed: decode -> evaluate -> answer. Nothing is stored. */
import { type AnyResource, type ApiObject, type GroupVersionKind } from '@kaji/api';
import { TokenRequest } from '@kaji/api/authentication/v1';
import { applyDefaults, type MessageType } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import { acceptedForm, type Form } from '../accept.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { attemptOf, type Call, matchNamespace, mutate, validateAdmission } from '../call.ts';
import { manageUnkept } from '../managed-fields.ts';
import { encodeAs, withWarnings } from '../negotiation.ts';
import { writeOptions } from '../options.ts';
import type { Evaluate } from '../parts.ts';
import { metadataReply } from '../respond.ts';

interface Body extends GroupVersionKind {
  readonly type: MessageType<ApiObject>;
  readonly resource: AnyResource | undefined;
}

export async function evaluate(call: Call, evaluator: Evaluate): Promise<Reply> {
  const { request } = call;
  const form = acceptedForm(request, { canTransform: true, hasNoTable: true });
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'CreateOptions');
  const wanted = bodyOf(call);
  const object = await decodeBody<ApiObject>(call, body, { resource: wanted, media, fieldValidation: options.fieldValidation });
  applyDefaults(wanted.type as MessageType<unknown>, object);
  wanted.resource?.defaults?.(object);
  matchNamespace(call, object);
  // Kubernetes: nothing is kept, and yet who asks is said to own the question.
  manageUnkept(call, wanted, object, options.fieldManager);
  const attempt = attemptOf(call, { operation: 'CREATE', object, old: undefined, name: request.target.name, isDryRun: options.isDryRun });
  await mutate(call, attempt);
  await validateAdmission(call, attempt);
  const answer = await evaluator(object, request);
  return withWarnings(show(call, form, wanted, answer), call.warnings);
}

function show({ served }: Call, form: Form, { type, ...kind }: Body, answer: ApiObject): Reply {
  if (form.as === 'metadata') return metadataReply(form, 201, (name) => served.codec.encode(answer, name));
  return encodeAs(form, type as MessageType<unknown>, kind, answer, 201);
}

function bodyOf({ request }: Call): Body {
  const { resource, subresource } = request.target;
  if (subresource === 'token') return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', type: TokenRequest as unknown as MessageType<ApiObject>, resource: undefined };
  return { group: resource.group, version: resource.version, kind: resource.kind, type: resource.type as MessageType<ApiObject>, resource };
}
