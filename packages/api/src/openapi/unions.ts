/** Types of which only one field may be set, as upstream publishes them: few of those there are. */
interface Union {
  /** The field that says which one is set. */
  readonly discriminator?: string;
  readonly members: readonly string[];
}

const unions: Readonly<Record<string, Union>> = {
  'k8s.io.api.core.v1.AppArmorProfile': { discriminator: 'type', members: ['localhostProfile'] },
  'k8s.io.api.core.v1.PodSchedulingGroup': { members: ['podGroupName'] },
  'k8s.io.api.core.v1.SeccompProfile': { discriminator: 'type', members: ['localhostProfile'] },
  'k8s.io.api.flowcontrol.v1.LimitResponse': { discriminator: 'type', members: ['queuing'] },
  'k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec': { discriminator: 'type', members: ['exempt', 'limited'] },
  'k8s.io.api.flowcontrol.v1.Subject': { discriminator: 'kind', members: ['group', 'serviceAccount', 'user'] },
};

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** The extension of a type's schema that tells of its union; empty when it is none. */
export function unionExtension(typeName: string): Readonly<Record<string, unknown>> {
  const union = unions[typeName];
  if (union === undefined) return {};
  const { discriminator, members } = union;
  return { 'x-kubernetes-unions': [{ ...(discriminator === undefined ? {} : { discriminator }), 'fields-to-discriminateBy': Object.fromEntries(members.map((name) => [name, capital(name)])) }] };
}
