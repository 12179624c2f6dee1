import { maxNodeScore, type Plugin } from '../framework.ts';
import { normalizedImageName } from '../image-name.ts';

const mebibyte = 1024 * 1024;
/** Kubernetes: below the first an image does not matter, from the second on (a container) it matters no more. */
const leastBytes = 23 * mebibyte;
const mostBytesPerContainer = 1000 * mebibyte;

/** Prefers nodes that have the pod's images; an image that few nodes have counts less, so that pods do not pile up there. */
export const imageLocality = (): Plugin => ({
  name: 'ImageLocality',
  score({ pod, snapshot }, node) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const references = [...containers.map(({ image = '' }) => image), ...(pod.spec.volumes ?? []).flatMap(({ image }) => (image === undefined ? [] : [image.reference ?? '']))];
    const sum = references.reduce((total, reference) => {
      const name = normalizedImageName(reference);
      const spread = (snapshot.imageNodes.get(name) ?? 0) / snapshot.nodes.length;
      return total + Math.trunc((node.images.get(name) ?? 0) * spread);
    }, 0);
    const most = mostBytesPerContainer * containers.length;
    const bytes = Math.min(most, Math.max(leastBytes, sum));
    return Math.trunc((maxNodeScore * (bytes - leastBytes)) / (most - leastBytes));
  },
});
