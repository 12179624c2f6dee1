/**
 * Keeps namespaces within their quotas. What a write uses up is booked in the quotas' status before the object is stored, with
 * the version of the quota as the condition: of many writes at once never more than fit get through. Those of one namespace
 * that wait for each other are booked together.
 */
import { ApiError } from '@kaji/api';
import { resourcequotas } from '@kaji/api/core/v1';
import { type Evaluator, evaluatorOf, isSameAmounts, type QuotaView } from '@kaji/api/quota';
import type { Clock } from '@kaji/base';
import type { OwnWrites } from '../../registry/own-writes.ts';
import type { Reader } from '../../registry/reader.ts';
import type { AdmissionStep, Attempt } from '../admission.ts';
import { charged, type Quota } from './charge.ts';
import type { LimitedResource } from './configuration.ts';

/** How often a lost race for a quota is run again. */
const retries = 3;

export interface QuotaDoors {
  readonly clock: Clock;
  readonly reader: Reader;
  readonly writes: OwnWrites;
  /** What needs a quota that grants it. */
  readonly limited: readonly LimitedResource[];
}

export const resourceQuota = (doors: QuotaDoors): AdmissionStep => {
  const bookings = new Bookings(doors);
  return {
    name: 'ResourceQuota',
    validate(attempt) {
      const { operation, namespace, resource, object } = attempt;
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || namespace === '' || object === undefined || (resource.group === '' && resource.plural === 'namespaces')) return undefined;
      const evaluator = evaluatorOf(resource);
      return evaluator?.handles(attempt) === true ? bookings.book(attempt, evaluator) : undefined;
    },
  };
};

interface Waiting {
  readonly attempt: Attempt;
  readonly evaluator: Evaluator;
  resolve(): void;
  reject(error: unknown): void;
}

class Bookings {
  readonly #doors: QuotaDoors;
  /** Those who came while their namespace was being worked on. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(doors: QuotaDoors) {
    this.#doors = doors;
  }

  /** Undefined, at once, where nothing is limited. */
  book(attempt: Attempt, evaluator: Evaluator): Promise<void> | undefined {
    const { namespace } = attempt;
    if (this.#doors.limited.length === 0 && this.#quotasIn(namespace).length === 0) return undefined;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { attempt, evaluator, resolve, reject };
    const others = this.#waiting.get(namespace);
    if (others !== undefined) others.push(waiting);
    else {
      this.#waiting.set(namespace, [waiting]);
      void this.#work(namespace); // ends by itself; what fails is told to those who wait
    }
    return promise;
  }

  #quotasIn(namespace: string): readonly Quota[] {
    return [...this.#doors.reader.list(resourcequotas, namespace)];
  }

  async #work(namespace: string): Promise<void> {
    for (;;) {
      const batch = this.#waiting.get(namespace) ?? [];
      if (batch.length === 0) {
        this.#waiting.delete(namespace);
        return;
      }
      this.#waiting.set(namespace, []);
      try {
        await this.#settle(await this.#current(namespace), batch, retries);
      } catch (error) {
        for (const { reject } of batch) reject(error); // those that are settled do not hear it
      }
    }
  }

  async #current(namespace: string): Promise<readonly Quota[]> {
    await this.#doors.writes.fresh();
    return this.#quotasIn(namespace);
  }

  /** Answers everybody in the batch. */
  async #settle(quotas: readonly Quota[], batch: readonly Waiting[], retriesLeft: number): Promise<void> {
    const { after, booked } = this.#charge(quotas, batch);
    const failures = await this.#store(quotas, after);
    if (failures.size === 0) for (const { resolve } of booked) resolve();
    else if (retriesLeft <= 0) for (const { reject } of booked) reject([...failures.values()].at(-1));
    else {
      // Only these quotas: the others have booked the same writes already.
      const again = (await this.#current(batch[0]?.attempt.namespace ?? '')).filter(({ metadata }) => failures.has(metadata.name ?? ''));
      await this.#settle(again, booked, retriesLeft - 1);
    }
  }

  /** Refuses what does not fit and lets through what costs nothing; the rest waits for the quotas to be stored. */
  #charge(quotas: readonly Quota[], batch: readonly Waiting[]): { readonly after: readonly Quota[]; readonly booked: readonly Waiting[] } {
    const { clock, reader, limited } = this.#doors;
    const view: QuotaView = { nowMs: clock.now(), get: reader.get.bind(reader), list: reader.list.bind(reader) };
    const booked: Waiting[] = [];
    let after = quotas;
    for (const waiting of batch) {
      const { attempt, evaluator } = waiting;
      if (attempt.object === undefined) continue;
      try {
        const next = charged(after, { attempt, object: attempt.object, evaluator, limited, view });
        if (next === after || attempt.isDryRun) waiting.resolve();
        else {
          booked.push(waiting);
          after = next;
        }
      } catch (error) {
        waiting.reject(error); // a refusal, or a mistake that concerns this one alone
      }
    }
    return { after, booked };
  }

  /** What went wrong with which quota. */
  async #store(before: readonly Quota[], after: readonly Quota[]): Promise<ReadonlyMap<string, ApiError>> {
    const failures = new Map<string, ApiError>();
    const changed = after.filter((quota, index) => quota !== before[index] && !isSameAmounts(quota.status?.used ?? {}, before[index]?.status?.used ?? {}));
    await Promise.all(changed.map(async (quota) => {
      try {
        await this.#doors.writes.updateStatus(resourcequotas, quota);
      } catch (error) {
        failures.set(quota.metadata.name ?? '', ApiError.from(error)); // tried again, or told to those who wait
      }
    }));
    return failures;
  }
}
