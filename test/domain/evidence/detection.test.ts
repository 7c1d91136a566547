import { policyOf } from '../../../src/domain/settings/environments';
import { detection } from './detection';

const { thresholds } = policyOf('production', { environments: {} });
const failing = { requestsPerSecond: 50, failing: 0.25, bakeSeconds: 600, delaySeconds: 120 };

// a sample of the table that `npm run simulate` prints; every phase of the minute, with fixed seeds
it.each([5, 100])(
  'convicts within 150 s a green of which a quarter fails, with %d %% of 50 requests/s',
  (percent) => {
    const found = detection({ ...failing, percent, testRequests: thresholds.testRequests }, thresholds);
    expect(found).toMatchObject({ missed: 0 });
    expect(found.worst).toBeLessThanOrEqual(150);
  },
);

it.each([5, 100])('finds it by published minutes alone within 300 s, with %d %%', (percent) => {
  const found = detection({ ...failing, percent, testRequests: 0 }, thresholds);
  expect(found).toMatchObject({ missed: 0 });
  expect(found.worst).toBeGreaterThan(150);
  expect(found.worst).toBeLessThanOrEqual(300);
});

it('never takes the bake of a failing green for a good one, however late its minutes are published', () => {
  for (const delaySeconds of [60, 120, 180])
    for (const requestsPerSecond of [2, 10])
      for (const percent of [5, 100])
        expect(
          detection({ ...failing, requestsPerSecond, percent, delaySeconds, testRequests: 0 }, thresholds, 3),
        ).toMatchObject({ missed: 0 });
});
