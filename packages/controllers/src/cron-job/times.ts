/** When a schedule is due, in a time zone. Pure. */
import type { Interval, Schedule } from '@kaji/api/batch/v1';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Kubernetes: what is not due within five years never is. */
const horizonDays = 5 * 366;

/** The first time after `after`, in ms; undefined when there is none. */
export function nextTime(schedule: Schedule | Interval, after: number, timeZone = 'UTC'): number | undefined {
  if ('everyMs' in schedule) return Math.floor(after / 1000) * 1000 + schedule.everyMs;
  const clock = new WallClock(schedule.timeZone ?? timeZone);
  const first = Math.floor(clock.wallOf(after) / dayMs) * dayMs;
  for (let day = 0; day < horizonDays; day++) {
    const midnight = first + day * dayMs;
    if (!isDueOn(schedule, new Date(midnight))) continue;
    for (const hour of schedule.hours) {
      for (const minute of schedule.minutes) {
        const time = clock.timeOf(midnight + (hour * 60 + minute) * minuteMs);
        if (time !== undefined && time > after) return time;
      }
    }
  }
  return undefined;
}

function isDueOn({ days, months, weekdays, isAnyDayOpen }: Schedule, date: Date): boolean {
  if (!months.includes(date.getUTCMonth() + 1)) return false;
  const [fitsDay, fitsWeekday] = [days.includes(date.getUTCDate()), weekdays.includes(date.getUTCDay())];
  return isAnyDayOpen ? fitsDay && fitsWeekday : fitsDay || fitsWeekday;
}

/** What clocks in a zone show, as if it were UTC. */
class WallClock {
  readonly #format: Intl.DateTimeFormat | undefined;

  constructor(timeZone: string) {
    if (timeZone === 'UTC') return;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  }

  wallOf(time: number): number {
    if (this.#format === undefined) return time;
    const parts = new Map(this.#format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  }

  /** The time at which the clocks show this; undefined where they leap over it. Of two times the first. */
  timeOf(wall: number): number | undefined {
    if (this.#format === undefined) return wall;
    const offsets = [wall - dayMs, wall + dayMs].map((near) => this.wallOf(near) - near);
    return [...new Set(offsets)].map((offset) => wall - offset).sort((a, b) => a - b).find((time) => this.wallOf(time) === wall);
  }
}

/** Due times after `after` up to `now`: the latest of them, and how many there were, counted up to a hundred and one. */
export function missed(schedule: Schedule | Interval, after: number, now: number, timeZone?: string): { readonly latest: number | undefined; readonly count: number } {
  let latest: number | undefined;
  let count = 0;
  for (let time = nextTime(schedule, after, timeZone); time !== undefined && time <= now; time = nextTime(schedule, latest, timeZone)) {
    latest = time;
    if (++count > tooMany) return { latest: latestBefore(schedule, now, timeZone) ?? latest, count };
  }
  return { latest, count };
}

/** Kubernetes: more than so many are a sign that something is wrong. */
export const tooMany = 100;

/** Looked for from nearer and nearer, so that years of minutes are not gone through one by one. */
function latestBefore(schedule: Schedule | Interval, now: number, timeZone?: string): number | undefined {
  for (let back = 2 * minuteMs; back < horizonDays * dayMs; back *= 2) {
    let latest: number | undefined;
    for (let time = nextTime(schedule, now - back, timeZone); time !== undefined && time <= now; time = nextTime(schedule, time, timeZone)) latest = time;
    if (latest !== undefined) return latest;
  }
  return undefined;
}
