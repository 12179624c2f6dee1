/** Which images to remove so that the disk has room again. */
import type { Image } from '@kaji/cri';

export interface ImageUse {
  readonly image: Image;
  /** When it was first seen, and last seen in use by a container. */
  readonly firstSeenAt: number;
  readonly lastUsedAt: number;
  readonly isInUse: boolean;
}

export interface Disk {
  readonly capacityBytes: number;
  readonly availableBytes: number;
}

export interface Thresholds {
  readonly highPercent: number;
  readonly lowPercent: number;
  readonly minAgeMs: number;
}

/** Nothing below the high mark; above it the images unused for longest, until the low mark. */
export function imagesToRemove(uses: readonly ImageUse[], disk: Disk, thresholds: Thresholds, now: number): readonly Image[] {
  if (disk.capacityBytes === 0) return [];
  const usedPercent = 100 - (disk.availableBytes * 100) / disk.capacityBytes;
  if (usedPercent < thresholds.highPercent) return [];
  let toFree = (disk.capacityBytes * (100 - thresholds.lowPercent)) / 100 - disk.availableBytes;
  const candidates = uses
    .filter((use) => !use.isInUse && !use.image.pinned && now - use.firstSeenAt >= thresholds.minAgeMs)
    .sort((a, b) => a.lastUsedAt - b.lastUsedAt || a.firstSeenAt - b.firstSeenAt);
  const removed: Image[] = [];
  for (const { image } of candidates) {
    if (toFree <= 0) break;
    removed.push(image);
    toFree -= image.size;
  }
  return removed;
}
