// Role-based access control, from an index of bindings by subject: a request looks at the bindings of its user and groups only.
import { append } from '@kaji/base';
import type { ApiObject, Resource } from '@kaji/api';
import { clusterrolebindings, clusterroles, type PolicyRule, type RoleRef, rolebindings, roles, type Subject } from '@kaji/api/rbac/v1';
import type { Action, User } from '../pipeline/request.ts';
import type { Reader } from '../registry/reader.ts';
import type { Authorizer, Decision } from './authorizer.ts';
import { ruleAllows } from './rules.ts';

type Binding = ApiObject & { subjects?: Subject[] | undefined; roleRef: RoleRef };

/** Subject (`u:name` or `g:name`) to its bindings by key. One for the cluster, one a namespace. */
class SubjectIndex {
  readonly #bySubject = new Map<string, Map<string, { readonly binding: Binding; readonly subject: Subject }>>();

  add(binding: Binding): void {
    for (const subject of binding.subjects ?? []) {
      const id = subjectId(subject, binding.metadata.namespace ?? '');
      if (id === undefined) continue;
      const bindings = this.#bySubject.get(id) ?? new Map<string, { binding: Binding; subject: Subject }>();
      this.#bySubject.set(id, bindings);
      const name = binding.metadata.name ?? '';
      if (!bindings.has(name)) bindings.set(name, { binding, subject });
    }
  }
  remove(binding: Binding): void {
    for (const subject of binding.subjects ?? []) {
      const id = subjectId(subject, binding.metadata.namespace ?? '');
      const bindings = id === undefined ? undefined : this.#bySubject.get(id);
      if (id === undefined || bindings === undefined) continue;
      bindings.delete(binding.metadata.name ?? '');
      if (bindings.size === 0) this.#bySubject.delete(id);
    }
  }
  *of(user: User): Generator<{ readonly binding: Binding; readonly subject: Subject }> {
    const seen = new Set<Binding>();
    for (const id of [`u:${user.name}`, ...user.groups.map((group) => `g:${group}`)]) {
      for (const found of this.#bySubject.get(id)?.values() ?? []) {
        if (seen.has(found.binding)) continue;
        seen.add(found.binding);
        yield found;
      }
    }
  }
}

function subjectId(subject: Subject, bindingNamespace: string): string | undefined {
  switch (subject.kind) {
    case 'User': return `u:${subject.name}`;
    case 'Group': return `g:${subject.name}`;
    case 'ServiceAccount': {
      const namespace = subject.namespace === undefined || subject.namespace === '' ? bindingNamespace : subject.namespace;
      return namespace === '' ? undefined : `u:system:serviceaccount:${namespace}:${subject.name}`;
    }
    default: return undefined;
  }
}

export interface ResolvedRules {
  readonly rules: readonly PolicyRule[];
  /** Bindings to roles that do not exist, in upstream's words. */
  readonly problems: readonly string[];
}

export class Rbac implements Authorizer {
  readonly #reader: Reader;
  readonly #cluster = new SubjectIndex();
  readonly #namespaced = new Map<string, SubjectIndex>();

  /** Follows the bindings until the signal. */
  constructor(reader: Reader, signal: AbortSignal) {
    this.#reader = reader;
    this.#follow(clusterrolebindings, () => this.#cluster, signal);
    this.#follow(rolebindings, (binding) => {
      const namespace = binding.metadata.namespace ?? '';
      const index = this.#namespaced.get(namespace) ?? new SubjectIndex();
      this.#namespaced.set(namespace, index);
      return index;
    }, signal);
  }

  #follow<T extends Binding>(resource: Resource<T>, indexOf: (binding: T) => SubjectIndex, signal: AbortSignal): void {
    for (const binding of this.#reader.list(resource)) indexOf(binding).add(binding);
    this.#reader.subscribe(resource, ({ object, previous }) => {
      if (previous !== undefined) indexOf(previous).remove(previous);
      if (object !== undefined) indexOf(object).add(object);
    }, signal);
  }

  authorize(user: User, action: Action): Decision {
    const problems: string[] = [];
    for (const { binding, subject, rules, problem } of this.#resolve(user, action.namespace)) {
      if (problem !== undefined) problems.push(problem);
      if (rules.some((rule) => ruleAllows(rule, action))) return { isAllowed: true, reason: `RBAC: allowed by ${describe(binding, subject)}` };
    }
    return { isAllowed: false, reason: problems.length === 0 ? '' : `RBAC: ${aggregate(problems)}` };
  }

  /** All rules that hold for a user in a namespace (the cluster's own for the empty one). */
  rulesFor(user: User, namespace: string): ResolvedRules {
    const rules: PolicyRule[] = [];
    const problems: string[] = [];
    for (const found of this.#resolve(user, namespace)) {
      append(rules, found.rules);
      if (found.problem !== undefined) problems.push(found.problem);
    }
    return { rules, problems };
  }

  /** The rules of a role a binding in `namespace` names, or upstream's text for why there are none. */
  rulesOf(role: RoleRef, namespace: string): { readonly rules: readonly PolicyRule[]; readonly problem?: string } {
    const kind = role.kind === 'Role' ? roles : role.kind === 'ClusterRole' ? clusterroles : undefined;
    if (kind === undefined) return { rules: [], problem: `unsupported role reference kind: ${JSON.stringify(role.kind)}` };
    const found = kind === roles ? this.#reader.get(roles, namespace, role.name) : this.#reader.get(clusterroles, '', role.name);
    // Kubernetes: the lister names the resource in the singular.
    return found === undefined ? { rules: [], problem: `${kind.singular}.rbac.authorization.k8s.io ${JSON.stringify(role.name)} not found` } : { rules: found.rules ?? [] };
  }

  *#resolve(user: User, namespace: string): Generator<{ binding: Binding; subject: Subject; rules: readonly PolicyRule[]; problem?: string }> {
    for (const found of this.#cluster.of(user)) yield { ...found, ...this.rulesOf(found.binding.roleRef, '') };
    if (namespace === '') return;
    for (const found of this.#namespaced.get(namespace)?.of(user) ?? []) yield { ...found, ...this.rulesOf(found.binding.roleRef, namespace) };
  }
}

function describe(binding: Binding, subject: Subject): string {
  const { name = '', namespace = '' } = binding.metadata;
  const own = subject.namespace === undefined || subject.namespace === '' ? namespace : subject.namespace;
  const who = `${subject.kind} ${JSON.stringify(subject.kind === 'ServiceAccount' ? `${subject.name}/${own}` : subject.name)}`;
  const what = namespace === '' ? `ClusterRoleBinding ${JSON.stringify(name)}` : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)}`;
  return `${what} of ${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)} to ${who}`;
}

/** Several errors as Go shows them: each once, in brackets. */
export function aggregate(errors: readonly string[]): string {
  const unique = [...new Set(errors)];
  return unique.length <= 1 ? unique[0] ?? '' : `[${unique.join(', ')}]`;
}
