import type { Settings } from '../settings/settings';
import { clocksSet, DAY_MINUTES, type Weekday, wallClock, weekdays } from './wall-clock';

export type Windows = Settings['windows'];
type Weekly = Windows['weekly'][number];

/** What a deployment does, as far as windows ask for it: it runs migrations or seeds, or its users get the maintenance page. */
export type Weight = 'code only' | 'more';

const MINUTE = 60_000;
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const dayBefore = (day: Weekday): Weekday => weekdays[(weekdays.indexOf(day) + 6) % 7]!;

/** A window belongs to the day on which it begins; one that ends before its beginning goes on past midnight. */
function covers({ days, from, to }: Weekly, weekday: Weekday, minute: number): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  if (begin < end) return days.includes(weekday) && minute >= begin && minute < end;
  return (days.includes(weekday) && minute >= begin) || (days.includes(dayBefore(weekday)) && minute < end);
}

/** The freeze that holds it at an instant, `'outside'` where no window is open, undefined where it may begin. */
export function closedBy(
  windows: Windows,
  weight: Weight,
  instant: number,
): Windows['freezes'][number] | 'outside' | undefined {
  const { timeZone, weekly, freezes, codeOnly } = windows;
  const light = weight === 'code only';
  if (light && codeOnly === 'always') return undefined;
  const { date, weekday, minute } = wallClock(instant, timeZone);
  const freeze = freezes.find(({ from, to }) => from <= date && date <= to);
  if (freeze) return freeze;
  if (weekly.length === 0 || (light && codeOnly === 'unless-frozen')) return undefined;
  return weekly.some((window) => covers(window, weekday, minute)) ? undefined : 'outside';
}

/** The next instant at which a window can begin or end: at one of its times, at midnight, or where clocks are set. */
function nextLook({ timeZone, weekly }: Windows, instant: number): number {
  const { minute } = wallClock(instant, timeZone);
  const times = weekly.flatMap(({ from, to }) => [minuteOf(from), minuteOf(to)]);
  const next = Math.min(DAY_MINUTES, ...times.filter((time) => time > minute));
  const begun = Math.floor(instant / MINUTE) * MINUTE;
  return clocksSet(instant, begun + (next - minute) * MINUTE, timeZone);
}

/**
 * The first instant from `from` on at which it is open, or closed as wanted; undefined where that is not before `until`.
 * A window is open while the clock on the wall is between its times: in the night of a doubled hour for longer, and one that
 * lies in a missing hour not at all.
 */
export function firstTime(
  windows: Windows,
  weight: Weight,
  wanted: 'open' | 'closed',
  { from, until }: { from: number; until: number },
): number | undefined {
  for (let at = from; at <= until; at = nextLook(windows, at))
    if ((closedBy(windows, weight, at) === undefined) === (wanted === 'open')) return at;
  return undefined;
}

/** Could a window, a time or an announcement hold a deployment? */
export const mayWait = (
  { weekly, freezes, announceSeconds }: Windows,
  notBefore: string | undefined,
): boolean => weekly.length > 0 || freezes.length > 0 || announceSeconds > 0 || notBefore !== undefined;
