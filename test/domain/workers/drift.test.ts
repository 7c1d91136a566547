import { takenBack, workerDrift } from '../../../src/domain/workers/drift';
import type { Worker } from '../../../src/domain/workers/settings';

const revision = (number: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-worker:${number}`;
const packing = {
  ...{ kind: 'service', service: 'packing', container: 'shop', moves: 'after', steadySeconds: 40 },
} as Worker;
const nightly = {
  ...{ kind: 'rule', rule: 'nightly', eventBus: 'default', target: 'T', container: 'shop', moves: 'after' },
} as Worker;
const often = {
  ...{ kind: 'schedule', schedule: 'often', group: 'default', container: 'shop', moves: 'after' },
} as Worker;
const left = {
  packing: revision(7),
  'rule/default/nightly/T': revision(7),
  'schedule/default/often': revision(7),
};
const drift = (...standing: [Worker, string | undefined][]) =>
  workerDrift(
    left,
    standing.map(([worker, runs]) => ({ worker, runs })),
    { cluster: 'shop', release: 'npx greenlight deploy' },
  );

it('finds nothing where workers run what they were left with, or were never moved', () => {
  expect(drift([packing, revision(7)], [nightly, revision(7)], [often, revision(7)])).toBe('');
  expect(workerDrift({}, [{ worker: packing, runs: revision(1) }], { cluster: 'shop', release: '' })).toBe(
    '',
  );
});

it('names each that runs something else, and what sets it back', () => {
  expect(drift([packing, revision(9)], [nightly, 'shop-worker'], [often, undefined])).toBe(
    [
      'worker packing runs shop-worker:9 where the last deployment left shop-worker:7',
      `to set it back alone: aws ecs update-service --cluster shop --service packing --task-definition ${revision(7)}`,
      'worker rule/default/nightly/T runs shop-worker where the last deployment left shop-worker:7',
      'worker schedule/default/often is not there, and ran shop-worker:7 after the last deployment',
      'an update of your stack has done that, or somebody',
      'to release what serves again, with its workers: npx greenlight deploy',
    ].join('; '),
  );
});

it('forgets what a release left that is taken back, and nothing else', () => {
  const workers = [
    { name: 'packing', release: revision(7), before: revision(5) },
    // the deployment that was undone had not been released
    { name: 'rule/default/nightly/T', release: revision(8), before: revision(7) },
    { name: 'schedule/default/often', release: undefined, before: '' },
  ];
  expect(takenBack(left, workers)).toEqual({ ...left, packing: revision(5) });
});
