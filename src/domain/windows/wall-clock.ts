const MINUTE = 60_000;
export const DAY_MINUTES = 24 * 60;

export const weekdays = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof weekdays)[number];

/** What the clock on the wall says in a place. */
export interface WallClock {
  /** `2026-03-29` */
  date: string;
  weekday: Weekday;
  /** Of the day, from 0. */
  minute: number;
  /** How far it is ahead of UTC, in minutes. */
  offset: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that nobody knows */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  const format = new Intl.DateTimeFormat('en', { ...numeric, timeZone, hourCycle: 'h23' });
  formats.set(timeZone, format);
  return format;
}

/** Is it a name of the IANA Time Zone Database? Offsets are none: they know no daylight saving. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** By the platform's time zone data, so that daylight saving is what a place has made of it. */
export function wallClock(instant: number, timeZone: string): WallClock {
  const parts = formatOf(timeZone).formatToParts(instant);
  const read = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  const [year, month, day, hour, minute] = [
    read('year'),
    read('month'),
    read('day'),
    read('hour'),
    read('minute'),
  ];
  const local = Date.UTC(year, month - 1, day, hour, minute);
  return {
    date: new Date(local).toISOString().slice(0, 10),
    weekday: weekdays[new Date(local).getUTCDay()]!,
    minute: hour * 60 + minute,
    offset: (local - Math.floor(instant / MINUTE) * MINUTE) / MINUTE,
  };
}

const two = (number: number) => String(number).padStart(2, '0');
export const clockTime = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** An instant as people of a place read it, and which of a doubled hour it is: `sunday 2026-10-25 02:30 +01:00 (Europe/Berlin)`. */
export function inZone(instant: number, timeZone: string): string {
  const { weekday, date, minute, offset } = wallClock(instant, timeZone);
  return `${weekday} ${date} ${clockTime(minute)} ${offset < 0 ? '-' : '+'}${clockTime(Math.abs(offset))} (${timeZone})`;
}

/**
 * The first change of what the clock's hands follow, from `instant` until `until`: a place sets its clocks, or `until` itself.
 * Places set them at whole minutes.
 */
export function clocksSet(instant: number, until: number, timeZone: string): number {
  const offset = (at: number) => wallClock(at, timeZone).offset;
  const before = offset(instant);
  if (offset(until) === before) return until;
  let [same, other] = [Math.floor(instant / MINUTE), Math.ceil(until / MINUTE)];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offset(middle * MINUTE) === before) same = middle;
    else other = middle;
  }
  return other * MINUTE;
}
