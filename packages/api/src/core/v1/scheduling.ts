import { int32, int64, list, message, oneOf, ref, string, strings } from '@kaji/schema';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class NodeSelectorRequirement extends message('k8s.io.api.core.v1.NodeSelectorRequirement', {
  key: string(1).required(),
  operator: oneOf(2, 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt').required(),
  values: strings(3).atomic(),
}) {}

export class NodeSelectorTerm extends message('k8s.io.api.core.v1.NodeSelectorTerm', {
  matchExpressions: list(1, NodeSelectorRequirement).atomic(),
  matchFields: list(2, NodeSelectorRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}

export class NodeSelector extends message('k8s.io.api.core.v1.NodeSelector', {
  nodeSelectorTerms: list(1, NodeSelectorTerm).required().atomic(),
}) {
  static readonly isAtomic = true;
}

export class PreferredSchedulingTerm extends message('k8s.io.api.core.v1.PreferredSchedulingTerm', {
  weight: int32(1).required(),
  preference: ref(2, NodeSelectorTerm).required(),
}) {}

export class NodeAffinity extends message('k8s.io.api.core.v1.NodeAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: ref(1, NodeSelector),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, PreferredSchedulingTerm).atomic(),
}) {}

export class PodAffinityTerm extends message('k8s.io.api.core.v1.PodAffinityTerm', {
  labelSelector: ref(1, LabelSelector),
  namespaces: strings(2).atomic(),
  topologyKey: string(3).required(),
  namespaceSelector: ref(4, LabelSelector),
  matchLabelKeys: strings(5).atomic(),
  mismatchLabelKeys: strings(6).atomic(),
}) {}

export class WeightedPodAffinityTerm extends message('k8s.io.api.core.v1.WeightedPodAffinityTerm', {
  weight: int32(1).required(),
  podAffinityTerm: ref(2, PodAffinityTerm).required(),
}) {}

export class PodAffinity extends message('k8s.io.api.core.v1.PodAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: list(1, PodAffinityTerm).atomic(),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, WeightedPodAffinityTerm).atomic(),
}) {}

export class PodAntiAffinity extends message('k8s.io.api.core.v1.PodAntiAffinity', {
  requiredDuringSchedulingIgnoredDuringExecution: list(1, PodAffinityTerm).atomic(),
  preferredDuringSchedulingIgnoredDuringExecution: list(2, WeightedPodAffinityTerm).atomic(),
}) {}

export class Affinity extends message('k8s.io.api.core.v1.Affinity', {
  nodeAffinity: ref(1, NodeAffinity),
  podAffinity: ref(2, PodAffinity),
  podAntiAffinity: ref(3, PodAntiAffinity),
}) {}

export class Toleration extends message('k8s.io.api.core.v1.Toleration', {
  key: string(1),
  operator: oneOf(2, 'Exists', 'Equal', 'Lt', 'Gt'),
  value: string(3),
  effect: oneOf(4, 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  tolerationSeconds: int64(5).explicit(),
}) {}

export class TopologySpreadConstraint extends message('k8s.io.api.core.v1.TopologySpreadConstraint', {
  maxSkew: int32(1).required(),
  topologyKey: string(2).required(),
  whenUnsatisfiable: oneOf(3, 'DoNotSchedule', 'ScheduleAnyway').required(),
  labelSelector: ref(4, LabelSelector),
  minDomains: int32(5).explicit(),
  nodeAffinityPolicy: oneOf(6, 'Ignore', 'Honor').explicit(),
  nodeTaintsPolicy: oneOf(7, 'Ignore', 'Honor').explicit(),
  matchLabelKeys: strings(8).atomic(),
}) {}

export class PodSchedulingGate extends message('k8s.io.api.core.v1.PodSchedulingGate', {
  name: string(1).required(),
}) {}

export class PodSchedulingGroup extends message('k8s.io.api.core.v1.PodSchedulingGroup', {
  podGroupName: string(1).explicit(),
}) {}

export class TopologySelectorLabelRequirement extends message('k8s.io.api.core.v1.TopologySelectorLabelRequirement', {
  key: string(1).required(),
  values: strings(2).required().atomic(),
}) {}

export class TopologySelectorTerm extends message('k8s.io.api.core.v1.TopologySelectorTerm', {
  matchLabelExpressions: list(1, TopologySelectorLabelRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}
