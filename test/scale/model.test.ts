import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacities, peakPerSecond } from './model';
import { countsIn, written } from './page';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'scale.md'), 'utf8');

test('a quota bears its rate divided by what one deployment takes of it', () => {
  const [first, second] = capacities({
    'ecs:RegisterTaskDefinition': 2,
    'ecs:DeregisterTaskDefinition': 2,
    'ecs:UpdateService': 10,
  });
  expect(first).toMatchObject({
    calls: 4,
    perSecond: 0.25,
    quota: { name: 'task definitions, modify' },
  });
  expect(second).toMatchObject({ calls: 10, perSecond: 0.5, quota: { name: 'services, modify' } });
});

test('a bucket that several operations share is taken from by all of them, and by itself', () => {
  const found = capacities({ 'elasticloadbalancing:ModifyRule': 3, 'elasticloadbalancing:DescribeRules': 7 });
  expect(found.map(({ quota, perSecond }) => [quota.name, perSecond])).toEqual([
    ['all actions together', 1],
    ['mutating', 1],
  ]);
});

test('the busiest hour', () => {
  expect(peakPerSecond(10_000, 2, 4)).toBeCloseTo(0.926, 3);
});

test('the page says what follows from its own counts; npm run scale -- --count --write writes it anew', () => {
  expect(written(page, countsIn(page))).toBe(page);
});
