import {
  openStreams,
  openText,
  streamsSchema,
  streamWindow,
  tasksLeft,
} from '../../../src/domain/traffic/streams';

const series = {
  namespace: 'Shop',
  metric: 'OpenStreams',
  dimensions: { a: { Slot: 'a' }, b: { Slot: 'b' } },
  statistic: 'Maximum',
  periodSeconds: 10,
};
const metric = (more: object = {}) =>
  streamsSchema.parse({ drainSeconds: 600, open: { ...series, ...more } }).open!;
const NOW = Date.parse('2026-01-01T12:00:00Z');

describe('openStreams', () => {
  const seconds = (values: Record<number, number>) =>
    Object.entries(values)
      .map(([ago, value]) => ({ at: NOW - Number(ago) * 1000, value }))
      .sort((one, other) => one.at - other.at);
  it.each<[string, Record<number, number>, number | undefined, object?]>([
    ['the newest period that is over', { 30: 9, 20: 8, 10: 7, 5: 1 }, 7],
    [
      'a count by the period before, for the newest may not be whole',
      { 30: 9, 20: 8, 10: 7 },
      8,
      { statistic: 'Sum' },
    ],
    ['nothing of one period of a count', { 10: 7 }, undefined, { statistic: 'Sum' }],
    ['nothing where nothing is published', {}, undefined],
    ['nothing by what began before the weights had changed', { 310: 0 }, undefined],
    ['nothing by what is older than anything can be late', { 201: 0 }, undefined],
  ])('tells %s', (_, points, open, more: object = {}) => {
    const of = metric(more);
    expect(openStreams(of, seconds(points), streamWindow(of, NOW - 300_000, NOW))).toBe(open);
  });
});

describe('tasksLeft', () => {
  const at = new Date(NOW).toISOString();
  const left = (tasks: number, desired: number, after: number) =>
    tasksLeft({ at, tasks }, desired, new Date(NOW + after * 1000), 600);
  it.each([
    [2, [0, 299, 300, 599, 600], [2, 2, 1, 1, 0]],
    [1, [0, 599, 600], [1, 1, 0]],
    [10, [0, 59, 60, 300, 540, 600], [10, 10, 9, 5, 1, 0]],
  ])('of %d tasks after %j s: %j', (tasks, times, counts) => {
    let desired = tasks;
    expect(
      times.map((after) => {
        desired = left(tasks, desired, after);
        return desired;
      }),
    ).toEqual(counts);
  });
  it('ends no more than half of them at a look that comes late, and the others at the next', () => {
    expect([left(2, 2, 900), left(2, 1, 901)]).toEqual([1, 0]);
    expect([left(5, 5, 900), left(5, 2, 901)]).toEqual([2, 0]);
  });
});

it('says what is known, and what is not', () => {
  expect(openText(null, undefined)).toContain('nobody knows how many streams are open on it');
  expect(openText(metric(), undefined)).toContain('Shop/OpenStreams (Maximum) is not published');
  expect(openText(metric(), 12)).toBe('12 streams are open on it by Shop/OpenStreams (Maximum)');
});
