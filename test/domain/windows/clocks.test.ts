import fc from 'fast-check';
import { windowsSchema } from '../../../src/domain/settings/windows-schema';
import { closedBy, firstTime } from '../../../src/domain/windows/opening';
import { clockTime, inZone, isTimeZone, wallClock, weekdays } from '../../../src/domain/windows/wall-clock';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const at = (iso: string) => Date.parse(iso);
const weekly = (timeZone: string, days: string[], from: string, to: string) =>
  windowsSchema.parse({ timeZone, weekly: [{ days, from, to }] });
const every = [...weekdays];

/** From when to when it is open in the days after an instant, as people read it there. */
function openings(windows: ReturnType<typeof weekly>, from: string, days: number): string[] {
  const found: string[] = [];
  const until = at(from) + days * 24 * HOUR;
  for (let begin = at(from); ; ) {
    const opens = firstTime(windows, 'more', 'open', { from: begin, until });
    if (opens === undefined) return found;
    const closes = firstTime(windows, 'more', 'closed', { from: opens, until });
    const said = (instant: number | undefined) =>
      instant ? inZone(instant, windows.timeZone).split(' ').slice(1, 4).join(' ') : 'on';
    found.push(`${said(opens)} to ${said(closes)}`);
    if (closes === undefined) return found;
    begin = closes;
  }
}

describe.each<
  [title: string, windows: ReturnType<typeof weekly>, from: string, days: number, open: string[]]
>([
  [
    'a window around the missing hour of a night is an hour shorter',
    weekly('Europe/Berlin', ['sunday'], '01:00', '04:00'),
    '2026-03-28T12:00:00Z',
    1,
    ['2026-03-29 01:00 +01:00 to 2026-03-29 04:00 +02:00'],
  ],
  [
    'one that begins in the missing hour opens where the clock goes on',
    weekly('Europe/Berlin', ['sunday'], '02:30', '04:00'),
    '2026-03-28T12:00:00Z',
    1,
    ['2026-03-29 03:00 +02:00 to 2026-03-29 04:00 +02:00'],
  ],
  [
    'one that lies in the missing hour is left out that week',
    weekly('Europe/Berlin', ['sunday'], '02:00', '03:00'),
    '2026-03-28T12:00:00Z',
    8,
    ['2026-04-05 02:00 +02:00 to 2026-04-05 03:00 +02:00'],
  ],
  [
    'one that is a doubled hour lasts for both',
    weekly('Europe/Berlin', ['sunday'], '02:00', '03:00'),
    '2026-10-24T12:00:00Z',
    1,
    ['2026-10-25 02:00 +02:00 to 2026-10-25 03:00 +01:00'],
  ],
  [
    'one that ends in a doubled hour opens once more',
    weekly('Europe/Berlin', ['sunday'], '01:30', '02:30'),
    '2026-10-24T12:00:00Z',
    1,
    [
      '2026-10-25 01:30 +02:00 to 2026-10-25 02:30 +02:00',
      '2026-10-25 02:00 +01:00 to 2026-10-25 02:30 +01:00',
    ],
  ],
  [
    'clocks that are set by half an hour',
    weekly('Australia/Lord_Howe', ['sunday'], '01:00', '03:00'),
    '2026-10-03T00:00:00Z',
    1,
    ['2026-10-04 01:00 +10:30 to 2026-10-04 03:00 +11:00'],
  ],
  [
    'and back by half an hour, over midnight',
    weekly('Australia/Lord_Howe', ['saturday'], '23:00', '01:45'),
    '2026-04-04T00:00:00Z',
    1,
    [
      '2026-04-04 23:00 +11:00 to 2026-04-05 01:45 +11:00',
      '2026-04-05 01:30 +10:30 to 2026-04-05 01:45 +10:30',
    ],
  ],
  [
    'a zone that is not whole hours away',
    weekly('Asia/Kathmandu', ['monday'], '00:15', '00:45'),
    '2026-06-07T00:00:00Z',
    1,
    ['2026-06-08 00:15 +05:45 to 2026-06-08 00:45 +05:45'],
  ],
  [
    'the midnight that a place leaves out',
    weekly('Africa/Cairo', ['friday'], '00:00', '02:00'),
    '2026-04-23T00:00:00Z',
    1,
    ['2026-04-24 01:00 +03:00 to 2026-04-24 02:00 +03:00'],
  ],
  [
    "over midnight and the week's end",
    weekly('America/New_York', ['saturday'], '22:00', '02:00'),
    '2026-06-06T00:00:00Z',
    2,
    ['2026-06-06 22:00 -04:00 to 2026-06-07 02:00 -04:00'],
  ],
  [
    'a whole day',
    weekly('Asia/Tokyo', ['sunday'], '00:00', '24:00'),
    '2026-06-05T00:00:00Z',
    3,
    ['2026-06-07 00:00 +09:00 to 2026-06-08 00:00 +09:00'],
  ],
  [
    'days that follow each other without a gap are one',
    weekly('UTC', ['friday', 'saturday'], '12:00', '11:59'),
    '2026-06-05T00:00:00Z',
    3,
    [
      '2026-06-05 12:00 +00:00 to 2026-06-06 11:59 +00:00',
      '2026-06-06 12:00 +00:00 to 2026-06-07 11:59 +00:00',
    ],
  ],
])('%s', (_title, windows, from, days, open) => {
  it('opens and closes by the clock on the wall', () => expect(openings(windows, from, days)).toEqual(open));
});

it('freezes whole days of the place, whichever day it is elsewhere', () => {
  const windows = windowsSchema.parse({
    timeZone: 'Pacific/Auckland',
    freezes: [{ from: '2026-12-24', to: '2026-12-26', reason: 'holidays' }],
  });
  const frozen = (iso: string) => closedBy(windows, 'more', at(iso)) !== undefined;
  expect(frozen('2026-12-23T10:59:59Z')).toBe(false);
  expect(frozen('2026-12-23T11:00:00Z')).toBe(true);
  expect(frozen('2026-12-26T10:59:59Z')).toBe(true);
  expect(frozen('2026-12-26T11:00:00Z')).toBe(false);
});

it('lets code alone through as the policy says', () => {
  const of = (codeOnly: string) =>
    windowsSchema.parse({
      codeOnly,
      weekly: [{ days: ['monday'], from: '10:00', to: '11:00' }],
      freezes: [{ from: '2026-12-24', to: '2026-12-26', reason: 'holidays' }],
    });
  const [friday, frozen] = [at('2026-12-18T03:00:00Z'), at('2026-12-24T03:00:00Z')];
  const answers = (codeOnly: string) =>
    [friday, frozen].map((instant) => closedBy(of(codeOnly), 'code only', instant) === undefined);
  expect(answers('windows')).toEqual([false, false]);
  expect(answers('unless-frozen')).toEqual([true, false]);
  expect(answers('always')).toEqual([true, true]);
  for (const codeOnly of ['windows', 'unless-frozen', 'always'])
    expect(closedBy(of(codeOnly), 'more', friday)).toBe('outside');
});

it.each(['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia'])('knows the zone %s', (zone) =>
  expect(isTimeZone(zone)).toBe(true),
);
it.each(['Europe/Atlantis', '', '+01:00', 'Berlin ', '\u0000'])('knows no zone %j', (zone) =>
  expect(isTimeZone(zone)).toBe(false),
);

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const minutes = fc
  .integer({ min: at('2020-01-01T00:00:00Z') / MINUTE, max: at('2030-01-01T00:00:00Z') / MINUTE })
  .map((minute) => minute * MINUTE);
const times = fc.integer({ min: 0, max: 24 * 60 - 1 }).map(clockTime);
const anyWindows = fc
  .record({
    timeZone: zones,
    weekly: fc.array(
      fc
        .record({ days: fc.subarray(every, { minLength: 1 }), from: times, to: times })
        .filter(({ from, to }) => from !== to),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((windows) => windowsSchema.parse(windows));

it('finds the minute that asking every minute finds, in any zone and around the nights when clocks are set', () => {
  fc.assert(
    fc.property(
      anyWindows,
      minutes,
      fc.constantFrom('open' as const, 'closed' as const),
      (windows, from, wanted) => {
        const until = from + 26 * HOUR;
        let naive: number | undefined;
        for (let minute = from; minute <= until && naive === undefined; minute += MINUTE)
          if ((closedBy(windows, 'more', minute) === undefined) === (wanted === 'open')) naive = minute;
        expect(firstTime(windows, 'more', wanted, { from, until })).toBe(naive);
      },
    ),
    { numRuns: 25 },
  );
});

it('is open and closed as those two months say, in which every zone that sets its clocks sets them', () => {
  fc.assert(
    fc.property(
      anyWindows,
      fc.constantFrom(3, 4, 10, 11),
      fc.integer({ min: 1, max: 28 }),
      (windows, month, day) => {
        const from = Date.UTC(2026, month - 1, day);
        for (let begin = from; begin < from + 72 * HOUR; ) {
          const opens = firstTime(windows, 'more', 'open', { from: begin, until: from + 96 * HOUR });
          if (opens === undefined) return;
          const closes = firstTime(windows, 'more', 'closed', { from: opens, until: from + 300 * HOUR });
          expect(closedBy(windows, 'more', opens)).toBeUndefined();
          if (opens > begin) expect(closedBy(windows, 'more', opens - MINUTE)).toBe('outside');
          if (closes === undefined) return;
          expect(closes).toBeGreaterThan(opens);
          expect(closedBy(windows, 'more', closes - MINUTE)).toBeUndefined();
          begin = closes;
        }
      },
    ),
    { numRuns: 60 },
  );
});

it('says of an instant what the clock of a place says, by its offset', () => {
  fc.assert(
    fc.property(zones, minutes, (zone, instant) => {
      const { date, minute, offset } = wallClock(instant, zone);
      expect(at(`${date}T${clockTime(minute)}:00Z`) - offset * MINUTE).toBe(instant);
    }),
    { numRuns: 200 },
  );
});
