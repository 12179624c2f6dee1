/** The release of Kubernetes whose behaviour this kubelet has; the node's status shows it. */
export const kubeletVersion = 'v1.36.2';
