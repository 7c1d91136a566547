import { follow, parseSchedule } from '../../local/schedule';
import { manualClock } from './manual-clock';

const at = (text: string) => Date.parse(`${text}Z`);
/** The next moments of a schedule after one. */
function next(expression: string, after: string, count: number): string[] {
  const schedule = parseSchedule(expression, { at: true });
  const found: string[] = [];
  for (let due = schedule(at(after)); due !== undefined && found.length < count; due = schedule(due))
    found.push(new Date(due).toISOString().slice(0, 16));
  return found;
}

// the examples of the EventBridge User Guide, "Cron expressions", and their next moments
it.each([
  ['rate(1 minute)', '2026-01-05T09:00:00', ['2026-01-05T09:01', '2026-01-05T09:02']],
  ['rate(2 days)', '2026-01-05T09:00:00', ['2026-01-07T09:00', '2026-01-09T09:00']],
  ['cron(0 10 * * ? *)', '2026-01-05T10:00:00', ['2026-01-06T10:00', '2026-01-07T10:00']],
  ['cron(15 12 * * ? *)', '2026-01-05T09:00:00', ['2026-01-05T12:15', '2026-01-06T12:15']],
  ['cron(0 18 ? * MON-FRI *)', '2026-01-09T09:00:00', ['2026-01-09T18:00', '2026-01-12T18:00']],
  ['cron(0 8 1 * ? *)', '2026-01-05T09:00:00', ['2026-02-01T08:00', '2026-03-01T08:00']],
  ['cron(0/15 * * * ? *)', '2026-01-05T09:50:00', ['2026-01-05T10:00', '2026-01-05T10:15']],
  ['cron(0/10 * ? * MON-FRI *)', '2026-01-09T23:55:00', ['2026-01-12T00:00', '2026-01-12T00:10']],
  ['cron(0/30 20-22 ? * 2,4 *)', '2026-01-05T22:30:00', ['2026-01-07T20:00', '2026-01-07T20:30']],
  ['cron(0 0 29 2 ? *)', '2026-01-05T09:00:00', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ['cron(0 0 1 1 ? 2027)', '2026-01-05T09:00:00', ['2027-01-01T00:00']],
  ['at(2026-01-06T09:00:00)', '2026-01-05T09:00:00', ['2026-01-06T09:00']],
  ['at(2026-01-05T09:00:00)', '2026-01-05T09:00:00', []],
])('%s after %s is due at %j', (expression, after, due) => expect(next(expression, after, 2)).toEqual(due));

it.each([
  'rate(0 minutes)',
  'rate(1 minutes)',
  'rate(5 minute)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(60 10 * * ? *)',
  'cron(0 10 * * ?)',
  'cron(0 10 * 13 ? *)',
  'cron(0/0 10 * * ? *)',
  'at(tomorrow)',
  'every night',
])('%s is no schedule', (expression) =>
  expect(() => parseSchedule(expression, { at: true })).toThrow(`is not valid: ${expression}`),
);

it('says which characters of a cron expression are not played', () =>
  expect(() => parseSchedule('cron(0 10 L * ? *)')).toThrow(
    'cron(0 10 L * ? *) cannot be run locally; use no L, W and # in its day-of-month',
  ));

it('takes at() only where it is allowed', () =>
  expect(() => parseSchedule('at(2026-01-06T09:00:00)')).toThrow('is not valid'));

it('calls when it is due, until it never is again', async () => {
  const clock = manualClock();
  const calls: number[] = [];
  const once = new Date(clock.now() + 120_000).toISOString().slice(0, 19);
  const over = follow(clock, parseSchedule(`at(${once})`, { at: true }), new AbortController().signal, () =>
    calls.push(clock.now()),
  );
  clock.advance(119_000);
  expect(calls).toEqual([]);
  clock.advance(1_000);
  await over;
  expect(calls).toEqual([at(once)]);
});
