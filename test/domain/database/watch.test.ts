import { retryPause, whyNotAgain } from '../../../src/domain/database/retry';
import { lookText, type WatchLook, whyCancel } from '../../../src/domain/database/watch';
import { watchSchema } from '../../../src/domain/settings/watch-schema';

const limits = watchSchema.parse({});
const session = {
  ...{ pid: 7, name: 'greenlight-1', named: true, seconds: 42, waitsFor: null, waitsSeconds: 0 },
  ...{ holds: ['AccessExclusiveLock on orders'], progress: null },
};
const look: WatchLook = {
  sessions: [session],
  ...{
    blocked: 0,
    blockedLong: 0,
    blockedSeconds: 0,
    blockedNames: [],
    connections: 12,
    maxConnections: 100,
  },
  ...{ walBytes: 5_000_000, lagSeconds: null, slotBytes: null },
};

it.each<[string, Partial<WatchLook>, RegExp | undefined]>([
  ['nobody waits', {}, undefined],
  ['as many wait as may', { blocked: 9, blockedLong: 5, blockedSeconds: 40 }, undefined],
  ['many wait, but not for long', { blocked: 90, blockedLong: 0, blockedSeconds: 14 }, undefined],
  [
    'more wait for long',
    { blocked: 9, blockedLong: 6, blockedSeconds: 40, blockedNames: ['shop v1'] },
    /^6 sessions \(shop v1\) have waited behind it for more than 15 s, the longest for 40 s, and more than 5 may not$/,
  ],
  ['a standby is behind as far as it may', { lagSeconds: 300 }, undefined],
  [
    'a standby is further behind',
    { lagSeconds: 300.4 },
    /^a standby is 300 s behind, and 300 s are allowed$/,
  ],
])('where %s it is cancelled, or goes on', (_, seen, why) => {
  const said = whyCancel({ ...look, ...seen }, limits);
  if (why) expect(said).toMatch(why);
  else expect(said).toBeUndefined();
});

it('tells in one line what it saw', () => {
  expect(lookText({ ...look, sessions: [] })).toBe('');
  expect(
    lookText({
      ...look,
      sessions: [
        { ...session, waitsFor: 'orders', waitsSeconds: 3, progress: 'CREATE INDEX: building index, 40 %' },
      ],
      ...{ blocked: 2, blockedSeconds: 4, lagSeconds: 1.2, slotBytes: 80_000_000 },
    }),
  ).toBe(
    'a statement for 42 s, which waits for orders for 3 s, CREATE INDEX: building index, 40 %, holds AccessExclusiveLock on orders; 2 sessions wait behind it, the longest for 4 s; 12 of 100 connections; standbys 1 s behind; slots keep 80 MB of WAL',
  );
});

const before = { fingerprint: 'a', applied: ['1'] };
const nothing = { before, now: before, unfinished: [], locked: null, untransacted: [] };

it.each<[string, Parameters<typeof whyNotAgain>[0], number, RegExp | undefined]>([
  ['it has left nothing', nothing, 1, undefined],
  ['it was tried as often as it may', nothing, 3, /^it was tried 3 times, as often as the settings say$/],
  ['its tool is still locked', { ...nothing, locked: 'host-7' }, 1, /lock is held by host-7/],
  [
    'its tool says that it was begun',
    { ...nothing, unfinished: ['2'] },
    1,
    /^2 was begun and did not end well$/,
  ],
  ['nobody knows what was before', { ...nothing, before: undefined }, 1, /nobody knows/],
  ['whole migrations stand', { ...nothing, now: { fingerprint: 'b', applied: ['1', '2'] } }, 1, undefined],
  [
    'one outside of a transaction may stand in part',
    { ...nothing, now: { fingerprint: 'b', applied: ['1', '2'] }, untransacted: ['3'] },
    1,
    /parts of 3 may stand/,
  ],
  [
    'that one stands and is recorded',
    { ...nothing, now: { fingerprint: 'b', applied: ['1', '2'] }, untransacted: ['2'] },
    1,
    undefined,
  ],
  ['one outside of a transaction has left nothing', { ...nothing, untransacted: ['2'] }, 1, undefined],
])('where %s it is tried again, or not', (_, left, tried, why) => {
  const said = whyNotAgain(left, tried, limits);
  if (why) expect(said).toMatch(why);
  else expect(said).toBeUndefined();
});

it('waits between half of its time and half as much again, and not in step with another service', () => {
  const pauses = Array.from({ length: 200 }, (_, index) => retryPause(limits, `release-${index}#1`));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(90);
  expect(new Set(pauses).size).toBeGreaterThan(40);
  expect(retryPause(limits, 'release-1#1')).toBe(retryPause(limits, 'release-1#1'));
});
