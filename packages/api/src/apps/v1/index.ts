export { ControllerRevision, controllerrevisions } from './controller-revision.ts';
export { DaemonSet, DaemonSetCondition, daemonsets, DaemonSetSpec, DaemonSetStatus, DaemonSetUpdateStrategy, RollingUpdateDaemonSet, templateGeneration } from './daemon-set.ts';
export { Deployment, DeploymentCondition, deployments, DeploymentSpec, DeploymentStatus, DeploymentStrategy, RollingUpdateDeployment } from './deployment.ts';
export { ReplicaSet, ReplicaSetCondition, replicasets, ReplicaSetSpec, ReplicaSetStatus } from './replica-set.ts';
export { RollingUpdateStatefulSetStrategy, StatefulSet, StatefulSetCondition, StatefulSetOrdinals, StatefulSetPersistentVolumeClaimRetentionPolicy, statefulsets, StatefulSetSpec, StatefulSetStatus, StatefulSetUpdateStrategy } from './stateful-set.ts';
