import { windowsSchema } from '../../../src/domain/settings/windows-schema';
import { closedNow, mayBegin, type WindowFacts } from '../../../src/domain/windows/may-begin';

const nights = (more: object = {}) =>
  windowsSchema.parse({
    timeZone: 'Europe/Berlin',
    weekly: [{ days: ['tuesday', 'thursday'], from: '22:00', to: '02:00' }],
    freezes: [{ from: '2026-12-20', to: '2027-01-03', reason: 'holidays' }],
    ...more,
  });
const waits = nights({ onClosed: 'wait' });

const ask = (now: string, more: Partial<Omit<WindowFacts, 'now'>> = {}) =>
  mayBegin({
    windows: nights(),
    notBefore: null,
    outsideWindow: null,
    weight: 'more',
    since: now,
    ...more,
    now: new Date(now),
  });

// Wednesday, and the night of the Tuesday before
const NOON = '2026-12-02T11:00:00Z';
const NIGHT = '2026-12-01T23:30:00Z';

it.each<[title: string, now: string, more: Partial<Omit<WindowFacts, 'now'>>, answer: object]>([
  [
    'nothing is asked where there are no windows',
    NOON,
    { windows: windowsSchema.parse({}) },
    { may: 'now', until: null },
  ],
  ['an open window', NIGHT, {}, { may: 'now', until: '2026-12-02T01:00:00.000Z' }],
  ['a closed one rejects', NOON, {}, { may: 'not' }],
  ['a closed one is waited for', NOON, { windows: waits }, { may: 'later', at: '2026-12-03T21:00:00.000Z' }],
  ['the minute in which it closes is outside', '2026-12-02T01:00:00Z', {}, { may: 'not' }],
  ['the minute before is inside', '2026-12-02T00:59:59Z', {}, { may: 'now' }],
  [
    'not before a time is waited for, whatever onClosed says',
    NIGHT,
    { notBefore: '2026-12-02T00:30:00+00:00' },
    { may: 'later', at: '2026-12-02T00:30:00.000Z' },
  ],
  ['not before a time that has passed', NIGHT, { notBefore: '2026-12-01T00:30:00Z' }, { may: 'now' }],
  ['not before a time outside rejects', NIGHT, { notBefore: '2026-12-02T12:00:00Z' }, { may: 'not' }],
  [
    'not before a time outside waits for the window behind it',
    NIGHT,
    { windows: waits, notBefore: '2026-12-02T12:00:00Z' },
    { may: 'later', at: '2026-12-03T21:00:00.000Z' },
  ],
  [
    'a freeze longer than the longest wait',
    '2026-12-19T12:00:00Z',
    {
      windows: nights({
        onClosed: 'wait',
        freezes: [{ from: '2026-12-19', to: '2027-02-01', reason: 'audit' }],
      }),
    },
    { may: 'not' },
  ],
  [
    'a freeze is waited out',
    '2026-12-21T12:00:00Z',
    { windows: waits },
    { may: 'later', at: '2027-01-05T21:00:00.000Z' },
  ],
  [
    'four weeks count from when it was asked for',
    '2026-12-30T12:00:00Z',
    { windows: waits, since: '2026-12-03T12:00:00Z' },
    { may: 'not' },
  ],
  [
    'a reason opens a freeze',
    '2026-12-24T12:00:00Z',
    { outsideWindow: 'outage' },
    { may: 'now', until: null },
  ],
  [
    'and keeps to the time that it was asked for',
    NOON,
    { outsideWindow: 'outage', notBefore: '2026-12-02T12:00:00Z' },
    { may: 'later', at: '2026-12-02T12:00:00.000Z' },
  ],
  [
    'what is announced waits within its window',
    NIGHT,
    { aheadSeconds: 1800 },
    { may: 'later', at: '2026-12-02T00:00:00.000Z' },
  ],
  [
    'what is announced and no longer fits waits for the next',
    NIGHT,
    { aheadSeconds: 3 * 3600 },
    { may: 'later', at: '2026-12-03T21:00:00.000Z' },
  ],
  [
    'what was announced begins when its time has come',
    '2026-12-02T00:00:00Z',
    { aheadSeconds: 1800, announcedFor: '2026-12-02T00:00:00Z' },
    { may: 'now' },
  ],
  [
    'an announcement for a time that is frozen since counts as none',
    '2026-12-15T20:00:00Z',
    {
      windows: nights({
        onClosed: 'wait',
        freezes: [{ from: '2026-12-15', to: '2026-12-16', reason: 'sale' }],
      }),
      aheadSeconds: 3600,
      announcedFor: '2026-12-15T21:30:00Z',
    },
    { may: 'later', at: '2026-12-17T21:00:00.000Z' },
  ],
  [
    'and people are told of the new one as long before',
    '2026-12-15T22:30:00Z',
    {
      windows: nights({
        onClosed: 'wait',
        freezes: [{ from: '2026-12-15', to: '2026-12-15', reason: 'sale' }],
      }),
      aheadSeconds: 3600,
      announcedFor: '2026-12-15T21:30:00Z',
    },
    { may: 'later', at: '2026-12-15T23:30:00.000Z' },
  ],
])('%s', (_, now, more, answer) => {
  expect(ask(now, more)).toMatchObject(answer);
});

it('is asked for once more before what has no way to wait any longer, and a reason still counts', () => {
  const frozen = { windows: nights(), now: new Date('2026-12-24T21:30:00Z') };
  expect(closedNow({ ...frozen, deployment: { outsideWindow: null } })).toContain('(holidays)');
  expect(closedNow({ ...frozen, deployment: { outsideWindow: 'outage' } })).toBeUndefined();
  expect(closedNow({ ...frozen, now: new Date(NIGHT), deployment: { outsideWindow: null } })).toBeUndefined();
});

it('says why, until when by the clocks of the place, and what to do instead', () => {
  expect(ask(NOON)).toMatchObject({
    because:
      'no deployment window is open, at wednesday 2026-12-02 12:00 +01:00 (Europe/Berlin); a window opens at thursday 2026-12-03 22:00 +01:00 (Europe/Berlin); ask for it with notBefore 2026-12-03T21:00:00.000Z, or with outsideWindow and a reason where it cannot wait',
  });
  expect(ask('2026-12-24T12:00:00Z', { windows: waits }).because).toBe(
    'it waits until tuesday 2027-01-05 22:00 +01:00 (Europe/Berlin): nothing is deployed from 2026-12-20 to 2027-01-03 (holidays)',
  );
  expect(ask(NIGHT).because).toBe('it may begin until wednesday 2026-12-02 02:00 +01:00 (Europe/Berlin)');
});
