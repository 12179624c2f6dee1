import { int32, int64, list, message, oneOf, ref, string, strings } from '@kaji/schema';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

/** A condition on a label or field of a node. */
export class NodeSelectorRequirement extends message('k8s.io.api.core.v1.NodeSelectorRequirement', {
  /** Name of the label or field. */
  key: string(1).required(),
  /** How the value is compared. */
  operator: oneOf(2, 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt').required().named('v1.NodeSelectorOperator'),
  /** What it is compared with: some for In and NotIn, none for Exists and DoesNotExist, one number for Gt and Lt. */
  values: strings(3).atomic(),
}) {}

/** Conditions that must all hold. One without any matches nothing. */
export class NodeSelectorTerm extends message('k8s.io.api.core.v1.NodeSelectorTerm', {
  /** Conditions on labels. */
  matchExpressions: list(1, NodeSelectorRequirement).atomic(),
  /** Conditions on fields; metadata.name is the only one. */
  matchFields: list(2, NodeSelectorRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}

/** Terms of which one must match. */
export class NodeSelector extends message('k8s.io.api.core.v1.NodeSelector', {
  /** The terms, at least one. */
  nodeSelectorTerms: list(1, NodeSelectorTerm).required().atomic(),
}) {
  static readonly isAtomic = true;
}

/** A wish for nodes, and how much it weighs. */
export class PreferredSchedulingTerm extends message('k8s.io.api.core.v1.PreferredSchedulingTerm', {
  /** From 1 to 100; added to the score of nodes that match. */
  weight: int32(1).required(),
  /** Which nodes. */
  preference: ref(2, NodeSelectorTerm).required(),
}) {}

/** Which nodes a pod needs or prefers. */
export class NodeAffinity extends message('k8s.io.api.core.v1.NodeAffinity', {
  /** Nodes that the pod can be placed on. Labels that change later do not push it out. */
  requiredDuringSchedulingIgnoredDuringExecution: ref(1, NodeSelector),
  /** Nodes that are better than others. */
  preferredDuringSchedulingIgnoredDuringExecution: list(2, PreferredSchedulingTerm).atomic(),
}) {}

/** Pods near which, or away from which, to be placed. */
export class PodAffinityTerm extends message('k8s.io.api.core.v1.PodAffinityTerm', {
  /** Labels of those pods. Absent matches none. */
  labelSelector: ref(1, LabelSelector),
  /** Namespaces of those pods. With neither this nor namespaceSelector: the pod's own. */
  namespaces: strings(2).atomic(),
  /** Label of nodes that says what near means: nodes with the same value are near each other. It is required. */
  topologyKey: string(3).required(),
  /** Labels of further namespaces. An empty one matches all. */
  namespaceSelector: ref(4, LabelSelector),
  /** Labels of the pod itself whose values are added to labelSelector, so that only pods like it count. */
  matchLabelKeys: strings(5).atomic(),
  /** Labels of the pod itself whose values are excluded by labelSelector, so that only other pods count. */
  mismatchLabelKeys: strings(6).atomic(),
}) {}

/** A wish for neighbours, and how much it weighs. */
export class WeightedPodAffinityTerm extends message('k8s.io.api.core.v1.WeightedPodAffinityTerm', {
  /** From 1 to 100. */
  weight: int32(1).required(),
  /** Which pods. */
  podAffinityTerm: ref(2, PodAffinityTerm).required(),
}) {}

/** Pods near which a pod needs or prefers to be. */
export class PodAffinity extends message('k8s.io.api.core.v1.PodAffinity', {
  /** Without which a node is no place for the pod. All of them must hold. */
  requiredDuringSchedulingIgnoredDuringExecution: list(1, PodAffinityTerm).atomic(),
  /** Which make a node better than others. */
  preferredDuringSchedulingIgnoredDuringExecution: list(2, WeightedPodAffinityTerm).atomic(),
}) {}

/** Pods away from which a pod needs or prefers to be. */
export class PodAntiAffinity extends message('k8s.io.api.core.v1.PodAntiAffinity', {
  /** With which a node is no place for the pod. None of them may be near. */
  requiredDuringSchedulingIgnoredDuringExecution: list(1, PodAffinityTerm).atomic(),
  /** Which make a node worse than others. */
  preferredDuringSchedulingIgnoredDuringExecution: list(2, WeightedPodAffinityTerm).atomic(),
}) {}

/** Where a pod is placed, by nodes and by neighbours. */
export class Affinity extends message('k8s.io.api.core.v1.Affinity', {
  /** Which nodes. */
  nodeAffinity: ref(1, NodeAffinity),
  /** Near which pods. */
  podAffinity: ref(2, PodAffinity),
  /** Away from which pods. */
  podAntiAffinity: ref(3, PodAntiAffinity),
}) {}

/** A kind of taints that does not keep a pod away. */
export class Toleration extends message('k8s.io.api.core.v1.Toleration', {
  /** Key of the taints. Absent with Exists: all of them. */
  key: string(1),
  /** Exists for any value, Equal for one, Lt and Gt for numbers. Defaults to Equal. */
  operator: oneOf(2, 'Exists', 'Equal', 'Lt', 'Gt').named('v1.TolerationOperator'),
  /** Value of the taints. Empty with Exists. */
  value: string(3),
  /** Effect of the taints. Absent for all effects. */
  effect: oneOf(4, 'NoSchedule', 'PreferNoSchedule', 'NoExecute').named('v1.TaintEffect'),
  /** How long, in seconds, the pod stays once a NoExecute taint is there. 0 or less for not at all; absent for ever. */
  tolerationSeconds: int64(5).explicit(),
}) {}

/** How evenly pods are spread. */
export class TopologySpreadConstraint extends message('k8s.io.api.core.v1.TopologySpreadConstraint', {
  /** By how many pods two parts of the cluster may differ at most. At least 1. */
  maxSkew: int32(1).required(),
  /** Label of nodes whose values are the parts. */
  topologyKey: string(2).required(),
  /** Whether a pod that would break it is kept waiting, or only placed as well as can be. */
  whenUnsatisfiable: oneOf(3, 'DoNotSchedule', 'ScheduleAnyway').required().named('v1.UnsatisfiableConstraintAction'),
  /** Which pods are counted. */
  labelSelector: ref(4, LabelSelector),
  /** How many parts there have to be. With fewer, the least count is taken as 0. Only with DoNotSchedule; defaults to 1. */
  minDomains: int32(5).explicit(),
  /** Whether nodes that the pod's affinity and selector exclude are left out. Defaults to Honor. */
  nodeAffinityPolicy: oneOf(6, 'Ignore', 'Honor').explicit().named('v1.NodeInclusionPolicy'),
  /** Whether nodes whose taints the pod does not tolerate are left out. Defaults to Ignore. */
  nodeTaintsPolicy: oneOf(7, 'Ignore', 'Honor').explicit().named('v1.NodeInclusionPolicy'),
  /** Labels of the pod itself whose values are added to labelSelector, so that only pods like it count. */
  matchLabelKeys: strings(8).atomic(),
}) {}

/** Something that keeps a pod from being scheduled until it is removed. */
export class PodSchedulingGate extends message('k8s.io.api.core.v1.PodSchedulingGate', {
  /** Name of the gate; each is there once. */
  name: string(1).required(),
}) {}

/** The group that a pod is scheduled with. */
export class PodSchedulingGroup extends message('k8s.io.api.core.v1.PodSchedulingGroup', {
  /** Name of the PodGroup, in the pod's namespace. */
  podGroupName: string(1).explicit(),
}) {}

/** Values that a label may have. */
export class TopologySelectorLabelRequirement extends message('k8s.io.api.core.v1.TopologySelectorLabelRequirement', {
  /** Name of the label. */
  key: string(1).required(),
  /** The values; one of them must be there. */
  values: strings(2).required().atomic(),
}) {}

/** Conditions on the place of a volume, all of which must hold. */
export class TopologySelectorTerm extends message('k8s.io.api.core.v1.TopologySelectorTerm', {
  /** The conditions. */
  matchLabelExpressions: list(1, TopologySelectorLabelRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}
