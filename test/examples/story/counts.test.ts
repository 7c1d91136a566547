import { type Counts, countAnswer, noCounts, percentile, plus, since } from '../../../examples/story/counts';

const counts = (answers: [number, string | undefined, number, boolean?][]): Counts => {
  const all = noCounts();
  for (const [status, version, ms, retryAfter = false] of answers)
    countAnswer(all, { status, version, ms, retryAfter });
  return all;
};

describe('what users got', () => {
  it.each([
    [200, 'ok'],
    [201, 'ok'],
    [404, 'appErrors'],
    [500, 'appErrors'],
    [502, 'lost'],
    [503, 'lost'],
    [504, 'lost'],
    [0, 'lost'],
  ] as const)('with status %i counts as %s', (status, kind) => {
    expect(counts([[status, undefined, 1]])).toMatchObject({ ok: 0, lost: 0, appErrors: 0, [kind]: 1 });
  });

  it('is not lost when it is told to come back later', () =>
    expect(counts([[503, undefined, 1, true]])).toMatchObject({ lost: 0, closed: 1 }));

  it('is added and subtracted as a whole', () => {
    const first = counts([
      [200, 'v1', 1],
      [500, 'v2', 100],
    ]);
    const second = counts([[200, 'v2', 3]]);
    expect(since(plus(first, second), first)).toMatchObject({
      ok: 1,
      lost: 0,
      appErrors: 0,
      versions: { v1: 0, v2: 1 },
    });
    expect(percentile(since(plus(first, second), first), 0.99)).toBeCloseTo(3, 0);
  });

  it('has percentiles at most 10 % too high', () => {
    const even = counts(Array.from({ length: 1000 }, (_, n) => [200, 'v1', n + 1]));
    for (const [share, exact] of [
      [0.5, 500],
      [0.99, 990],
    ] as const) {
      expect(percentile(even, share)).toBeGreaterThanOrEqual(exact);
      expect(percentile(even, share)).toBeLessThanOrEqual(exact * 1.1);
    }
    expect(percentile(noCounts(), 0.5)).toBe(0);
  });
});
