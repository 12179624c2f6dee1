export { kubeletConfiguration, KubeletConfiguration } from './configuration.ts';
export { Kubelet, type KubeletConfig, type KubeletParts } from './kubelet.ts';
