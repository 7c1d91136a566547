import { resultOf, spreadOf } from '../../bench/frame/result';
import { atLeast, atLeastTimes, atMost, atMostTimes, type Wanted } from '../../bench/frame/row';

const row = (...wanted: Wanted[]) => ({ name: 'a thing', unit: 'ms', how: 'by a clock', wanted });

it('takes the median, so that one slow sample does not count', () => {
  expect(spreadOf([5, 1, 900])).toEqual({ median: 5, min: 1, max: 900, samples: 3 });
  expect(spreadOf([1, 3])).toMatchObject({ median: 2 });
  expect(spreadOf([])).toBeUndefined();
});

it.each([
  [[atMostTimes(0.5)], 50, 100, true],
  [[atMostTimes(0.5)], 51, 100, false],
  [[atLeastTimes(3)], 300, 100, true],
  [[atLeastTimes(3)], 299, 100, false],
  [[atMost(50)], 50, 100, true],
  [[atMost(50)], 51, 1_000, false],
  [[atLeast(50)], 49, 10, false],
  [[atMostTimes(0.5), atMost(40)], 45, 100, false],
  [[], 45, 100, undefined],
])('judges %j of %d beside %d as %s', (wanted, now, other, met) =>
  expect(resultOf(row(...wanted), [now], [other]).met).toBe(met),
);

it('says nothing of a ratio without another side, but still of what is unmet', () => {
  expect(resultOf(row(atMostTimes(0.5)), [1]).met).toBeUndefined();
  expect(resultOf(row(atMostTimes(0.5), atMost(1)), [1]).met).toBeUndefined();
  expect(resultOf(row(atMostTimes(0.5), atMost(1)), [2]).met).toBe(false);
});
