/** A kind as this server serves it: declaration, bytes, cache, rules. */
import type { AnyResource, ApiObject } from '@kaji/api';
import type { Codec } from '../watch-cache/item.ts';
import type { WatchCache } from '../watch-cache/watch-cache.ts';
import type { Strategy } from './strategy.ts';

/** Between a version that is served and the one that is stored. Both directions keep everything. */
export interface Conversion {
  toStored(object: ApiObject): ApiObject;
  fromStored(object: ApiObject): ApiObject;
}

export interface Served {
  /** As clients see it. */
  readonly resource: AnyResource;
  /** As it is stored, validated and admitted; the same kind in all but a few cases. */
  readonly stored: AnyResource;
  readonly conversion: Conversion | undefined;
  readonly codec: Codec;
  readonly cache: WatchCache;
  readonly prefix: string;
  readonly strategy: Strategy;
  readonly hasStatus: boolean;
}
