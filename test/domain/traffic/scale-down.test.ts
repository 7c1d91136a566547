import { countedFrom, mayScaleDown } from '../../../src/domain/traffic/scale-down';

/** Periods of a minute, in minutes since the epoch, with so many requests. */
const counted = (...minutes: [at: number, requests: number][]) =>
  minutes.map(([at, requests]) => ({ at: at * 60_000, requests }));
const until = (last: number, from = 0) =>
  Array.from({ length: last - from + 1 }, (_, index): [number, number] => [from + index, 5000]);

/** The weights changed in the middle of minute 10; minute 13 is the newest one that is published, and it is 15:20. */
const side = {
  weight: 0,
  changedAt: 10.5 * 60_000,
  now: 15.33 * 60_000,
  soakSeconds: 120,
  periodSeconds: 60,
  requests: counted(...until(9), [10, 2500]),
  otherRequests: counted(...until(13)),
};

it('lets a side go that has weight 0 and received nothing in a soak that is published', () =>
  expect(mayScaleDown(side)).toEqual({ yes: true }));

it.each([
  ['it still has weight 1', { weight: 1 }],
  ['it has had weight 0 for 119 of 120 s', { now: side.changedAt + 119_900 }],
  ['it still received 1 requests in the last 120 s that are published', { requests: counted([12, 1]) }],
  ['it still received 3 requests in the last 120 s that are published', { requests: counted([14, 3]) }],
  [
    'the load balancer has not yet published 120 s without requests',
    { otherRequests: counted(...until(11)) },
  ],
  [
    'no requests are counted on either side yet, so silence proves nothing',
    { requests: [], otherRequests: [] },
  ],
])('keeps it, because %s', (because, difference) =>
  expect(mayScaleDown({ ...side, ...difference })).toEqual({ yes: false, because }),
);

it('does not take the minute in which the weights changed for silence, nor its requests for later ones', () => {
  // published is all until 12:00, a minute and a half behind the change
  const early = { ...side, otherRequests: counted(...until(11)), now: 13.33 * 60_000 };
  expect(mayScaleDown(early).yes).toBe(false);
  expect(mayScaleDown({ ...early, otherRequests: counted(...until(12)), now: 14.33 * 60_000 })).toEqual({
    yes: true,
  });
});

it('lets an idle service go after two soaks and what may come late', () => {
  const idle = { ...side, requests: [], otherRequests: [] };
  const after = (seconds: number) => mayScaleDown({ ...idle, now: side.changedAt + seconds * 1000 }).yes;
  expect([after(240), after(479), after(480)]).toEqual([false, false, true]);
});

it('believes in a silence of the other side only once its requests would have been published', () => {
  // its last requests came before the change: four minutes later all is published, and the minute of the change is behind
  const quiet = { ...side, otherRequests: counted(...until(9)) };
  expect(mayScaleDown(quiet).yes).toBe(false);
  expect(mayScaleDown({ ...quiet, now: 17 * 60_000 }).yes).toBe(true);
});

it('knows from when on requests have to be counted', () =>
  expect(countedFrom(600_000, 120, 60)).toBe(600_000 - (240 + 300) * 1000));
