import { policyOf } from '../../../src/domain/settings/environments';
import { detection, SOON_SECONDS } from './detection';
import { failedShare, LATE } from './simulate';

const { thresholds } = policyOf('production', { environments: {} });
const failing = LATE;

// a sample of the table that `npm run simulate` prints; every phase of the minute, with fixed seeds
it.each([5, 100])(
  'convicts within 150 s a green of which a quarter fails, with %d %% of 50 requests/s',
  (percent) => {
    const found = detection({ ...failing, percent, testRequests: thresholds.testRequests }, thresholds);
    expect(found).toMatchObject({ missed: 0 });
    expect(found.worst).toBeLessThanOrEqual(150);
  },
);

describe.each([1, 5, 10])(
  'a service that publishes the failed share itself, every %d s,',
  (periodSeconds) => {
    const own = failedShare(periodSeconds);
    const { testRequests } = thresholds;

    it.each([5, 100])('has it convicted within 45 s, with %d %%', (percent) => {
      const found = detection({ ...failing, percent, testRequests, own }, thresholds);
      expect(found).toMatchObject({ missed: 0 });
      expect(found.worst).toBeLessThanOrEqual(SOON_SECONDS);
    });

    it.each([100, 500])('also when it begins to fail %d s later, at 100 %% always', (beginsSeconds) => {
      const late = { ...failing, testRequests, beginsSeconds, own };
      const all = detection({ ...late, percent: 100 }, thresholds, 2);
      expect(all).toMatchObject({ missed: 0 });
      expect(all.worst).toBeLessThanOrEqual(SOON_SECONDS);
      // few requests: by chance hardly any of a period fails, and the next one tells
      const few = detection({ ...late, percent: 5 }, thresholds, 2);
      expect(few).toMatchObject({ missed: 0 });
      expect(few.soon).toBeGreaterThan(0.95);
      expect(few.worst).toBeLessThanOrEqual(70);
    });
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
