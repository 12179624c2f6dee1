import { randomFillSync } from 'node:crypto';
import type { RandomStreams } from '../random.ts';

/** Numbers from the kernel's generator, fetched a page at a time. */
export function realStreams(): RandomStreams {
  const words = new Uint32Array(1024);
  let next = words.length;
  return {
    stream: () => () => {
      if (next === words.length) {
        randomFillSync(words);
        next = 0;
      }
      return (words[next++] ?? 0) / 4294967296;
    },
  };
}
