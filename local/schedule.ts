import type { Clock } from './clock';

/**
 * When a schedule is due next after a moment, in ms since the epoch of cloud time; undefined when never again.
 * Sources: EventBridge User Guide, "Setting a schedule pattern for scheduled rules"; EventBridge Scheduler User Guide,
 * "Schedule types".
 */
export type Schedule = (after: number) => number | undefined;

const UNITS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const DAY_MS = UNITS.day!;
/** A cron expression whose day does not come for so long is over: February 29 comes within eight years. */
const LONGEST_DAYS = 8 * 366;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The fields of a cron expression, in their order. */
const FIELDS = [
  { name: 'minutes', from: 0, to: 59, names: [] },
  { name: 'hours', from: 0, to: 23, names: [] },
  { name: 'day-of-month', from: 1, to: 31, names: [] },
  { name: 'month', from: 1, to: 12, names: MONTHS },
  // 1 is Sunday
  { name: 'day-of-week', from: 1, to: 7, names: DAYS },
  { name: 'year', from: 1970, to: 2199, names: [] },
] as const;
type Field = (typeof FIELDS)[number];

const wrong = (expression: string) => new Error(`Parameter ScheduleExpression is not valid: ${expression}`);

/**
 * Reads `rate(5 minutes)`, `cron(0 8 * * ? *)` and, where `at` is allowed, `at(2026-01-05T09:00:00)`, all in UTC. Throws an
 * Error for what is no schedule, and for the cron characters L, W and #, which are not played.
 */
export function parseSchedule(expression: string, { at = false } = {}): Schedule {
  if (expression.startsWith('rate(')) return parseRate(expression);
  if (expression.startsWith('cron(')) return parseCron(expression);
  const [, moment] = (at && /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)) || [];
  const once = moment === undefined ? Number.NaN : Date.parse(`${moment}Z`);
  if (Number.isNaN(once)) throw wrong(expression);
  return (after) => (once > after ? once : undefined);
}

function parseRate(expression: string): Schedule {
  const [, count, unit, plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const number = Number(count);
  if (!count || number === 0 || (number === 1) !== (plural === '')) throw wrong(expression);
  return (after) => after + number * UNITS[unit!]!;
}

function parseCron(expression: string): Schedule {
  const texts = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  if (texts.length !== FIELDS.length) throw wrong(expression);
  // one of the two days has to be left open
  if ([texts[2], texts[4]].filter((text) => text === '?').length !== 1) throw wrong(expression);
  const [minutes = [], hours = [], daysOfMonth = [], months = [], daysOfWeek = [], years = []] = FIELDS.map(
    (field, index) => valuesOf(texts[index]!, field, expression),
  );
  const comes = (day: Date) =>
    months.includes(day.getUTCMonth() + 1) &&
    daysOfMonth.includes(day.getUTCDate()) &&
    daysOfWeek.includes(day.getUTCDay() + 1) &&
    years.includes(day.getUTCFullYear());
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * UNITS.hour! + minute * UNITS.minute!));
  return (after) => {
    const today = Math.floor(after / DAY_MS) * DAY_MS;
    for (let day = today; day <= today + LONGEST_DAYS * DAY_MS; day += DAY_MS) {
      const time = comes(new Date(day)) ? times.find((time) => day + time > after) : undefined;
      if (time !== undefined) return day + time;
    }
    return undefined;
  };
}

/** The values that a field stands for, the smallest first. */
function valuesOf(text: string, field: Field, expression: string): number[] {
  const { from, to } = field;
  if (/[LW#]/.test(text.replace(/JUL|WED/g, '')))
    throw new Error(`${expression} cannot be run locally; use no L, W and # in its ${field.name}`);
  const values = text.split(',').flatMap((part) => {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const open = range === '*' || range === '?';
    const [first = '', last] = range.split('-');
    const start = open ? from : numberOf(first, field);
    // a start with a step goes on to the field's end
    const end = open || (last === undefined && part.includes('/')) ? to : numberOf(last ?? first, field);
    if (!(start >= from && end <= to && start <= end && Number(step) > 0)) throw wrong(expression);
    return Array.from(
      { length: Math.floor((end - start) / Number(step)) + 1 },
      (_, n) => start + n * Number(step),
    );
  });
  return [...new Set(values)].sort((one, other) => one - other);
}

function numberOf(text: string, { names, from }: Field): number {
  const named = (names as readonly string[]).indexOf(text.toUpperCase());
  return named >= 0 ? named + from : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Calls `tick` whenever the schedule is due, until it never is again or the signal is aborted. */
export async function follow(
  clock: Clock,
  schedule: Schedule,
  signal: AbortSignal,
  tick: () => void,
): Promise<void> {
  // what the machine was too busy for is not caught up on
  for (let due = schedule(clock.now()); due !== undefined; due = schedule(Math.max(due, clock.now()))) {
    try {
      await clock.sleep(Math.max(0, due - clock.now()), signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    tick();
  }
}

/** Calls `tick` after every period of cloud time until the signal is aborted. */
export const every = (clock: Clock, periodMs: number, signal: AbortSignal, tick: () => void): Promise<void> =>
  follow(clock, (after) => after + periodMs, signal, tick);
