import { failingGreens, healthyGreens, SHIFTS } from './simulate';
import { canary, deploy } from './simulation';
import { thresholds } from './thresholds';

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

// samples of what `npm run simulate` does at length, with fixed seeds
it('convicts at most one healthy green in a hundred over a whole deployment, and turns none back for lack of evidence', () => {
  const rates = healthyGreens(15, SHIFTS.slice(0, 2));
  const runs = total(rates.map(({ runs }) => runs));
  expect(runs).toBe(480);
  expect(total(rates.map(({ convicted }) => convicted)) / runs).toBeLessThanOrEqual(0.01);
  expect(total(rates.map(({ silent }) => silent))).toBe(0);
});

it('convicts a green with ten percentage points more errors within 500 of its requests, 99 times in a hundred', () => {
  // an even split of the traffic gives blue no more requests than green, and beside 5 % of usual errors that is too few
  for (const { title, runs, within500 } of failingGreens(300))
    expect([title, within500 / runs >= 0.99]).toEqual([title, true]);
});

it('convicts a green that is twice as slow by its latency alone', () => {
  const service = { requestsPerSecond: 40, errorRate: 0.001, sigma: 1 };
  const ends = Array.from({ length: 50 }, (_, run) =>
    deploy(run + 1, service, canary(10, 600), thresholds, { slower: 1 }),
  );
  expect(ends.filter(({ by }) => by === 'latency').length).toBe(50);
});

it('never passes a service without traffic: silence turns it back', () => {
  const silent = { requestsPerSecond: 0.01, errorRate: 0, sigma: 1 };
  expect(deploy(1, silent, canary(10, 600), thresholds)).toMatchObject({ outcome: 'return', by: 'silence' });
});
