import { growingPause, nextPoll, nextShortPoll } from '../../../src/domain/time/deadline';
import { afterLook, baselineStart, isAsked } from '../../../src/domain/traffic/bake';
import { nextLook, type Often, oftenFor } from '../../../src/domain/traffic/observation-interval';
import { holdText, notWatched, pausedLook } from '../../../src/domain/traffic/pause';

describe('afterLook', () => {
  const published = {
    publishedSeconds: 60,
    periodSeconds: 1,
    usersNeeded: true,
    suspected: false,
    minimumSeconds: 0,
  };
  const bake = { ...published, elapsedSeconds: 10, bakeSeconds: 60, evidenceSeconds: 30, lastStep: false };
  it('returns traffic on a conviction at any time', () =>
    expect(afterLook({ verdict: 'unhealthy' }, bake)).toEqual({ next: 'return' }));
  it('goes on baking a healthy green until the bake is over', () =>
    expect(afterLook({ verdict: 'healthy' }, bake).next).toBe('wait'));
  it('shifts to the next step after the bake, and finishes after the last', () => {
    expect(afterLook({ verdict: 'healthy' }, { ...bake, elapsedSeconds: 60 })).toEqual({ next: 'shift' });
    expect(afterLook({ verdict: 'healthy' }, { ...bake, elapsedSeconds: 60, lastStep: true })).toEqual({
      next: 'finish',
    });
  });
  it.each([
    ['nothing of it', 0, 'wait'],
    ['all but its last three minutes', 420, 'wait'],
    ['all but its last two minutes', 480, 'wait'],
    ['a minute of its last two', 481, 'shift'],
    ['all of it', 600, 'shift'],
  ])('acquits a bake of ten minutes, of which %s is published: %d s, %s', (_, publishedSeconds, next) => {
    const ten = { ...bake, elapsedSeconds: 600, bakeSeconds: 600, evidenceSeconds: 300 };
    expect(afterLook({ verdict: 'healthy' }, { ...ten, publishedSeconds, periodSeconds: 60 }).next).toBe(
      next,
    );
  });
  it.each([
    ['needs users, and they were silent', true, 900, 'return'],
    ['needs none, while some may still be published', false, 839, 'wait'],
    ['needs none, and there were none', false, 840, 'shift'],
    ['needs none, whose deadline comes first', false, 720, 'shift', 120],
  ] as const)('a green that %s', (_, usersNeeded, elapsedSeconds, next, evidenceSeconds: number = 300) => {
    const silent = { ...bake, bakeSeconds: 600, publishedSeconds: 0, periodSeconds: 60, evidenceSeconds };
    expect(afterLook({ verdict: 'healthy' }, { ...silent, usersNeeded, elapsedSeconds }).next).toBe(next);
  });
  it('looks again soon where one look alone suspects green', () => {
    const early = { ...bake, elapsedSeconds: 90, bakeSeconds: 600, suspected: true };
    expect(afterLook({ verdict: 'undecided' }, early)).toEqual({ next: 'wait', waitSeconds: 10 });
    expect(afterLook({ verdict: 'undecided' }, { ...early, suspected: false })).toEqual({
      next: 'wait',
      waitSeconds: 68,
    });
  });
  it('waits for evidence beyond the bake, but silence never passes: it returns traffic at the deadline', () => {
    expect(afterLook({ verdict: 'undecided' }, { ...bake, elapsedSeconds: 89 }).next).toBe('wait');
    expect(afterLook({ verdict: 'undecided' }, { ...bake, elapsedSeconds: 90 })).toEqual({ next: 'return' });
  });
});

it.each([
  ['healthy', 1000, 'finish'],
  ['undecided', 1029, 'wait'],
  ['undecided', 1030, 'return'],
  ['unhealthy', 1000, 'return'],
] as const)('%s at %d s, while its workers move since 1000 s: %s', (verdict, elapsedSeconds, next) => {
  const bake = { bakeSeconds: 60, evidenceSeconds: 30, publishedSeconds: 60, periodSeconds: 1 };
  const more = { lastStep: true, usersNeeded: true, suspected: false, minimumSeconds: 0 };
  expect(afterLook({ verdict }, { ...bake, ...more, elapsedSeconds, acquittedSeconds: 1000 }).next).toBe(
    next,
  );
});

describe('a paused bake', () => {
  const hold = (paused: boolean, seenSeconds: number) => ({
    control: { paused, by: 'ann', reason: 'ticket 12', at: '2026-11-21T10:00:00.000Z' },
    seenSeconds,
    limitSeconds: 3600,
  });
  const published = {
    publishedSeconds: 600,
    periodSeconds: 1,
    usersNeeded: true,
    suspected: false,
    minimumSeconds: 0,
  };
  const bake = { ...published, elapsedSeconds: 600, bakeSeconds: 60, evidenceSeconds: 30, lastStep: false };
  it.each([
    ['healthy', true, 500, 'wait'],
    ['undecided', true, 500, 'wait'],
    ['unhealthy', true, 500, 'return'],
    ['healthy', true, 3600, 'return'],
    ['healthy', false, 0, 'shift'],
    ['undecided', false, 29, 'wait'],
    ['undecided', false, 30, 'return'],
    ['unhealthy', false, 0, 'return'],
  ] as const)('%s, paused %s for %d s: %s', (verdict, paused, seenSeconds, next) =>
    expect(afterLook({ verdict }, { ...bake, hold: hold(paused, seenSeconds) }).next).toBe(next),
  );
  it('is looked at often at first, and never less often than every five minutes', () => {
    let looks = 0;
    for (let seen = 0; seen < 86_400; looks++) {
      const wait = pausedLook({ ...hold(true, seen), limitSeconds: 86_400 });
      expect(wait).toBeGreaterThanOrEqual(1);
      expect(wait).toBeLessThanOrEqual(300);
      seen += wait;
    }
    expect(looks).toBeLessThan(500);
  });
  it.each([
    ['healthy', 5, 'shift'],
    ['undecided', 5, 'shift'],
    ['unhealthy', 5, 'return'],
    // it was about the step before
    ['undecided', 101, 'wait'],
  ] as const)('%s, promoted %d s ago: %s', (verdict, seenSeconds, next) => {
    const promoted = { ...hold(false, seenSeconds), control: { ...hold(false, 0).control, promoted: true } };
    const early = { ...bake, elapsedSeconds: 100, bakeSeconds: 600, publishedSeconds: 0, hold: promoted };
    expect(afterLook({ verdict }, early).next).toBe(next);
    // no step is cut below what the environment wants
    if (next === 'shift') expect(afterLook({ verdict }, { ...early, minimumSeconds: 101 }).next).toBe('wait');
    if (next === 'shift') expect(afterLook({ verdict }, { ...early, lastStep: true }).next).toBe('finish');
    expect(holdText(promoted, 100)).toBe(seenSeconds <= 100 ? 'promoted by ann: ticket 12; ' : '');
  });
  it.each<[string, { step: string; result: unknown } | undefined, boolean]>([
    ['its step is watched', { step: 'ObserveGreen', result: { next: 'wait' } }, true],
    ['its step is over', { step: 'ObserveGreen', result: { next: 'shift' } }, false],
    ['nobody has looked at its new share', { step: 'ShiftTraffic', result: { shifted: true } }, false],
    ['no user is on it', { step: 'StartMigration', result: null }, false],
    ['nothing has begun', undefined, false],
  ])('green can be promoted or not when %s', (_, last, can) =>
    expect(notWatched(last) === undefined).toBe(can),
  );
  it('says who paused it and why', () => {
    expect(holdText(hold(true, 10), 600)).toBe('paused by ann: ticket 12; ');
    expect(holdText(hold(true, 3600), 600)).toBe('paused by ann: ticket 12; nobody resumed it for 3600 s; ');
    expect(holdText(hold(false, 10), 600)).toBe('');
    expect(holdText(undefined, 600)).toBe('');
  });
});

describe('nextLook', () => {
  const looks = (bakeSeconds: number, often?: Often) => {
    const at: number[] = [];
    for (let elapsed = 0; elapsed < bakeSeconds; ) {
      elapsed += nextLook(elapsed, bakeSeconds, often);
      at.push(elapsed);
    }
    return at;
  };
  it('looks thrice in the first minute of a long bake, and then less and less', () => {
    expect(looks(600)).toEqual([10, 30, 90, 158, 277, 485, 600]);
    expect(looks(86_400).slice(0, 7)).toEqual([10, 30, 90, 158, 277, 485, 849]);
    expect(looks(86_400).length).toBeLessThanOrEqual(41);
  });
  it('looks evenly at a short bake', () => expect(looks(5)).toEqual([1, 2, 3, 4, 5]));
  const every = (...periods: number[]) => periods.map((periodSeconds) => ({ periodSeconds }));
  it('looks as often as the service publishes, and at most every ten seconds, in the first ten minutes', () => {
    const pauses = (often: Often | undefined) =>
      looks(86_400, often).map((at, index, all) => at - (all[index - 1] ?? 0));
    for (const [periods, pause] of [
      [every(60, 1), 10],
      [every(10), 10],
      [every(20), 20],
    ] as const) {
      const most = Math.max(...pauses(oftenFor(periods, 1)).slice(0, Math.floor(600 / pause)));
      expect([periods, most]).toEqual([periods, pause]);
    }
    expect(looks(600, oftenFor(every(10), 2)).length).toBe(60);
    expect(looks(86_400, oftenFor(every(1), 1)).length).toBeLessThan(100);
  });
  it('looks at the many steps of a release no oftener than a history can hold', () => {
    expect(looks(600, oftenFor(every(1), 20))).toEqual([10, 20, 30, 40, 50, 60, 120, 210, 368, 600]);
  });
  it.each([
    ['no metric', []],
    ['metrics by the minute', every(60, 300)],
  ])('looks less and less where the service has %s', (_, periods) =>
    expect(oftenFor(periods, 1)).toBeUndefined(),
  );
  it('sends test requests no oftener for that', () => {
    const asked: number[] = [];
    for (const elapsedSeconds of looks(600, oftenFor(every(10), 1)))
      if (isAsked({ elapsedSeconds, bakeSeconds: 600, suspected: false }, asked.at(-1)))
        asked.push(elapsedSeconds);
    expect(asked).toEqual([10, 30, 90, 160, 280, 490, 600]);
    expect(isAsked({ elapsedSeconds: 100, bakeSeconds: 600, suspected: true }, 90)).toBe(true);
  });
  it('waits for late evidence in growing pauses', () =>
    expect([0, 5, 30, 3600].map((late) => nextLook(600 + late, 600))).toEqual([10, 10, 15, 1800]));
});

describe('nextPoll', () => {
  const polls = (limit: number) => {
    let count = 0;
    for (let elapsed = 0; elapsed < limit; count++) elapsed += growingPause(elapsed, 1);
    return count;
  };
  it('asks soon at first, and later where the limit says that it takes long', () => {
    const start = '2026-01-01T12:00:00Z';
    const at = (seconds: number) => new Date(Date.parse(start) + seconds * 1000);
    expect([0, 4, 40, 600].map((seconds) => nextPoll(start, at(seconds), 900))).toEqual([3, 4, 40, 60]);
    expect(nextPoll(start, at(0), 300)).toBe(1);
    expect(nextPoll(start, at(0), 86_400)).toBe(10);
  });
  it('asks four times as often for what is over within a minute, and still seldom when it is not', () => {
    const start = '2026-01-01T12:00:00Z';
    const at = (seconds: number) => new Date(Date.parse(start) + seconds * 1000);
    expect([0, 4, 40, 600].map((seconds) => nextShortPoll(start, at(seconds)))).toEqual([1, 1, 10, 60]);
    let looks = 0;
    for (let elapsed = 0; elapsed < 900; looks++) elapsed += nextShortPoll(start, at(elapsed));
    expect(looks).toBeLessThanOrEqual(40);
  });
  it('costs few polls however long the limit', () =>
    expect([polls(60), polls(3600), polls(7 * 86_400)].map((count) => count <= 100)).toEqual([
      true,
      true,
      true,
    ]));
});

it('compares with blue over the same minutes, and with its last ten minutes once green has everything', () => {
  const shift = { since: '2026-01-01T12:00:00Z', firstAt: '2026-01-01T11:50:00Z' };
  const from = (greenPercent: number, bakeSeconds: number) =>
    new Date(baselineStart({ ...shift, greenPercent }, bakeSeconds, 60)).toISOString();
  expect(from(10, 60)).toBe('2026-01-01T12:00:00.000Z');
  expect(from(100, 60)).toBe('2026-01-01T11:40:00.000Z');
  expect(from(100, 1200)).toBe('2026-01-01T11:30:00.000Z');
});

it('does not count as blue’s what another version answered from its slot before', () => {
  const shift = { since: '2026-01-01T12:00:00Z', firstAt: '2026-01-01T11:50:00Z' };
  const from = (greenPercent: number, aloneSince: string) =>
    new Date(baselineStart({ ...shift, greenPercent }, 60, 60, aloneSince)).toISOString();
  expect(from(100, '2026-01-01T11:48:00Z')).toBe('2026-01-01T11:48:00.000Z');
  // a minute in which both have answered is nobody's
  expect(from(100, '2026-01-01T11:48:01Z')).toBe('2026-01-01T11:49:00.000Z');
  expect(from(100, '2026-01-01T11:00:00Z')).toBe('2026-01-01T11:40:00.000Z');
  expect(from(10, '2026-01-01T11:48:00Z')).toBe('2026-01-01T12:00:00.000Z');
});
