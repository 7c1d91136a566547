import { backOff, breakerThreshold, type Fleet, nextMoves } from '../../../../local/services/ecs/rollout';

const fleet = (change: Partial<Fleet>): Fleet => ({
  desired: 4,
  current: { live: 0, healthy: 0 },
  previous: { live: 4, healthy: 4 },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  ...change,
});

describe('the next moves of a rolling deployment', () => {
  it('start all new tasks first and stop none while they are not healthy', () => {
    expect(nextMoves(fleet({}))).toEqual({ start: 4, stopPrevious: 0, stopCurrent: 0 });
    expect(nextMoves(fleet({ current: { live: 4, healthy: 0 } })).stopPrevious).toBe(0);
  });

  it('stop one old task for each new one that is healthy', () => {
    expect(nextMoves(fleet({ current: { live: 4, healthy: 3 } })).stopPrevious).toBe(3);
  });

  it('make room first when no more than the desired count may run', () => {
    const rules = { maximumPercent: 100, minimumHealthyPercent: 50 };
    expect(nextMoves(fleet(rules))).toEqual({ start: 0, stopPrevious: 2, stopCurrent: 0 });
    expect(nextMoves(fleet({ ...rules, previous: { live: 2, healthy: 2 } }))).toEqual({
      start: 2,
      stopPrevious: 0,
      stopCurrent: 0,
    });
  });

  it('always stop old tasks that are not healthy', () => {
    expect(nextMoves(fleet({ previous: { live: 4, healthy: 1 } })).stopPrevious).toBe(3);
  });

  it('stop everything when nothing is desired', () => {
    expect(nextMoves(fleet({ desired: 0, current: { live: 2, healthy: 1 } }))).toEqual({
      start: 0,
      stopPrevious: 4,
      stopCurrent: 2,
    });
  });

  it('never leave fewer healthy tasks or more live tasks than allowed, whatever the state', () => {
    const upTo = (n: number) => Array.from({ length: n + 1 }, (_, index) => index);
    for (const desired of upTo(5))
      for (const live of upTo(5))
        for (const healthy of upTo(live))
          for (const previousLive of upTo(5))
            for (const previousHealthy of upTo(previousLive))
              for (const [maximumPercent, minimumHealthyPercent] of [
                [200, 100],
                [100, 50],
                [150, 0],
              ] as const) {
                const current = { live, healthy };
                const previous = { live: previousLive, healthy: previousHealthy };
                const state = { desired, current, previous, maximumPercent, minimumHealthyPercent };
                const { start, stopPrevious } = nextMoves(state);
                const stoppedHealthy = Math.max(0, stopPrevious - (previousLive - previousHealthy));
                const least = Math.min(
                  healthy + previousHealthy,
                  Math.ceil((desired * minimumHealthyPercent) / 100),
                );
                expect(healthy + previousHealthy - stoppedHealthy).toBeGreaterThanOrEqual(least);
                if (start > 0) {
                  expect(live + previousLive + start).toBeLessThanOrEqual((desired * maximumPercent) / 100);
                }
              }
  });
});

it('the circuit breaker opens at half the desired count, but not below 3 nor above 200', () => {
  expect([1, 6, 10, 1000].map(breakerThreshold)).toEqual([3, 3, 5, 200]);
});

it('failures in a row double the wait up to a minute', () => {
  expect([0, 1, 2, 3, 20].map(backOff)).toEqual([0, 1_000, 2_000, 4_000, 60_000]);
});
