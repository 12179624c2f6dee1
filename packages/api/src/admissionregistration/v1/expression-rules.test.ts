/** What upstream answers to policies and conditions whose expressions are wrong, field by field. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validatingadmissionpolicies, type ValidatingAdmissionPolicy } from './validating-admission-policy.ts';
import { mutatingadmissionpolicies, type MutatingAdmissionPolicy } from './mutating-admission-policy.ts';

type Spec<T extends { readonly spec: object }> = Partial<T['spec']>;

const constraints = { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] };
const lines = (errors: readonly { readonly field: string; readonly message: string }[] | undefined): string[] =>
  (errors ?? []).map(({ field, message }) => `${field}: ${message.split('\n')[0] ?? ''}`);

function validating(spec: Spec<ValidatingAdmissionPolicy>): string[] {
  const policy: ValidatingAdmissionPolicy = { metadata: { name: 'p' }, spec: { failurePolicy: 'Fail', matchConstraints: constraints, ...spec } } as ValidatingAdmissionPolicy; // what a client sends
  return lines(validatingadmissionpolicies.validate?.(policy, undefined));
}

function mutating(spec: Spec<MutatingAdmissionPolicy>): string[] {
  const policy: MutatingAdmissionPolicy = { metadata: { name: 'p' }, spec: { failurePolicy: 'Fail', reinvocationPolicy: 'Never', matchConstraints: constraints, ...spec } } as MutatingAdmissionPolicy; // what a client sends
  return lines(mutatingadmissionpolicies.validate?.(policy, undefined));
}

const failed = 'compilation failed: ERROR: <input>:';

test('expressions of validating policies compile and give what their places ask for', () => {
  const rows: readonly (readonly [Spec<ValidatingAdmissionPolicy>, readonly string[]])[] = [
    [{ validations: [{ expression: 'object.spec.replicas > 1', messageExpression: "'at most ' + string(1)" }] }, []],
    [{ validations: [{ expression: ' 1 ' }] }, ['spec.validations[0].expression: Invalid value: " 1 ": must evaluate to bool but got int']],
    [{ validations: [{ expression: 'true', messageExpression: 'authorizer' }] }, [`spec.validations[0].messageExpression: Invalid value: "authorizer": ${failed}1:1: undeclared reference to 'authorizer' (in container '')`]],
    [{ validations: [{ expression: 'params.a' }] }, [`spec.validations[0].expression: Invalid value: "params.a": ${failed}1:1: undeclared reference to 'params' (in container '')`]],
    [{ paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'params.a == 1' }], matchConditions: [{ name: 'a', expression: 'params == null' }] }, []],
    [{ validations: [{ expression: "matches('a', '[')" }] }, ['spec.validations[0].expression: Internal error: program instantiation failed: error parsing regexp: missing closing ]: `[`']],
    [{ auditAnnotations: [{ key: 'a', valueExpression: ' 5 ' }, { key: 'b', valueExpression: 'null' }] }, ['spec.auditAnnotations[0].valueExpression: Invalid value: " 5 ": must evaluate to one of [string null_type] but got int']],
    [{ matchConditions: [{ name: 'a', expression: ' 5' }], validations: [{ expression: 'true' }] }, ['spec.matchConditions[0].expression: Invalid value: "5": must evaluate to bool but got int']],
    [{ variables: [{ name: 'a', expression: '1' }, { name: 'b', expression: 'variables.a + 1' }, { name: 'c', expression: 'variables.a.x' }], validations: [{ expression: 'variables.b == "a"' }, { expression: 'variables.c == 1' }] }, [
      `spec.variables[2].expression: Invalid value: "variables.a.x": ${failed}1:12: type 'int' does not support field selection`,
      `spec.validations[0].expression: Invalid value: "variables.b == \\"a\\"": ${failed}1:13: found no matching overload for '_==_' applied to '(int, string)'`,
    ]],
    [{ variables: [{ name: 'a', expression: '1' }], matchConditions: [{ name: 'a', expression: 'variables.a == 1' }], validations: [{ expression: 'true' }] }, [`spec.matchConditions[0].expression: Invalid value: "variables.a == 1": ${failed}1:1: undeclared reference to 'variables' (in container '')`]],
    [{ validations: [{ expression: 'Object{} == null' }] }, [`spec.validations[0].expression: Invalid value: "Object{} == null": ${failed}1:7: undeclared reference to 'Object' (in container '')`]],
  ];
  for (const [spec, want] of rows) assert.deepEqual(validating(spec), want);
});

test('mutations give the object or patches to it', () => {
  const apply = (expression: string): Spec<MutatingAdmissionPolicy> => ({ mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }] });
  const patch = (expression: string): Spec<MutatingAdmissionPolicy> => ({ mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }] });
  for (const [spec, want] of [
    [apply('Object{spec: Object.spec{replicas: 1, a: [Object.spec.a.item{}]}}'), []],
    [apply(' Object.spec{} '), ['spec.mutations[0].applyConfiguration.expression: Invalid value: "Object.spec{}": must evaluate to Object but got Object.spec']],
    [apply('true ? Object{} : Object.spec{}'), [`spec.mutations[0].applyConfiguration.expression: Invalid value: "true ? Object{} : Object.spec{}": ${failed}1:6: found no matching overload for '_?_:_' applied to '(bool, Object, Object.spec)'`]],
    [patch("[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: 1}]"), []],
    [patch("JSONPatch{op: 'add'}"), ['spec.mutations[0].jsonPatch.expression: Invalid value: "JSONPatch{op: \'add\'}": must evaluate to list(JSONPatch) but got JSONPatch']],
    [patch('[JSONPatch{op: 1}]'), [`spec.mutations[0].jsonPatch.expression: Invalid value: "[JSONPatch{op: 1}]": ${failed}1:14: expected type of field 'op' is 'string' but provided type is 'int'`]],
    [patch('variables.x'), [`spec.mutations[0].jsonPatch.expression: Invalid value: "variables.x": ${failed}1:10: undefined field 'x'`]],
  ] as const) assert.deepEqual(mutating(spec), want);
});
