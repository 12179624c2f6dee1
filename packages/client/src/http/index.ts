export { type Credentials, HttpsTransport, type HttpsTransportOptions } from './https-transport.ts';
export { readKubeconfigs, transportFromKubeconfig, transportFromPod } from './kubeconfig-files.ts';
