import type { Deployment } from '../../../src/domain/deployment/deployment';
import { operatorReport } from '../../../src/domain/report/operator-report';

const settings = { service: 'shop', cluster: 'shop', traffic: { productionRule: 'rule' } };
const facts: Parameters<typeof operatorReport>[0] = {
  deployment: { id: 'd1', settings } as Deployment,
  blue: 'a',
  contract: null,
  contracted: false,
  refused: false,
  cause: 'green is sick',
  rollbackError: 'CheckRevert failed',
  snapshot: 'greenlight-d1',
  tasks: 2,
  stack: 'Shop',
  weights: { a: 100, b: 0, page: 0 },
  database: 'db',
  restored: undefined,
  workers: [],
  stoppedWorkers: [],
  working: [],
  fleets: [{ slot: 'a', service: 'shop-a', fleet: { taskDefinition: 'shop:1', running: 2, desired: 2 } }],
};

it('names a task that still works on the schema, and how to end it', () => {
  const report = operatorReport({ ...facts, working: ['arn:task/1'] });
  expect(report).toContain(
    'arn:task/1 still works on the schema; wait for it, or end it: aws ecs stop-task --cluster shop --task arn:task/1',
  );
  expect(operatorReport(facts)).not.toContain('still works');
});

it('says which version each worker runs, and what moves it', () => {
  const revision = (number: number) =>
    `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-worker:${number}`;
  const workers = [
    { worker: 'packing', runs: revision(8), before: revision(7) },
    { worker: 'billing', runs: revision(7), before: revision(7) },
    { worker: 'mailing', runs: undefined, before: revision(7) },
  ];
  expect(operatorReport({ ...facts, workers })).toContain(
    '; worker packing runs shop-worker:8 and ran shop-worker:7 before: the rollback moves it back, after the users; ' +
      'worker billing runs shop-worker:7, as before; worker mailing runs nothing and ran shop-worker:7 before: ',
  );
  const contracted = operatorReport({ ...facts, workers, contracted: true });
  expect(contracted).toContain('; worker packing runs shop-worker:8 and ran shop-worker:7 before; worker');
  expect(contracted).not.toContain('rollback moves');
});

it('names what a window has stopped beside the slots, and how to start it again', () => {
  const workers = [
    { kind: 'service', service: 'packing' },
    { kind: 'rule', rule: 'nightly', eventBus: 'default', target: 'T' },
    { kind: 'schedule', schedule: 'often', group: 'default' },
  ];
  const report = operatorReport({
    ...facts,
    deployment: { id: 'd1', settings: { ...settings, workers } } as unknown as Deployment,
    stoppedWorkers: [
      { worker: 'packing', desired: 3 },
      { worker: 'rule/default/nightly/T', desired: 1 },
      { worker: 'schedule/default/often', desired: 1 },
    ],
  });
  expect(report).toContain(
    'aws ecs update-service --cluster shop --service packing --desired-count 3; worker rule/default/nightly/T is disabled; ' +
      'enable it when it may write again: aws events enable-rule --name nightly --event-bus-name default; ' +
      'worker schedule/default/often is disabled; enable it in EventBridge Scheduler when it may write again; traffic: ',
  );
});

it('speaks of no traffic of a pure worker, and says which revision its tasks run', () => {
  const packer = { ...settings, slots: { a: { service: 'packer' } }, traffic: null };
  const deployment = { id: 'd1', settings: packer } as unknown as Deployment;
  const report = operatorReport({ ...facts, deployment });
  expect(report).toContain('; shop-a runs 2 of 2 tasks of shop:1; ');
  expect(report).toContain('look: aws ecs describe-services --cluster shop --services packer');
  expect(report).not.toContain('traffic');
});

it('says what stopped, what serves, what the snapshot is worth, and which commands remain', () => {
  expect(operatorReport(facts).split('; ')).toEqual([
    'rollback failed: CheckRevert failed',
    'it was triggered by: green is sick',
    'database db: its snapshot is greenlight-d1',
    'restoring it loses every write since',
    expect.stringMatching(/^traffic: a 100 \/ b 0/),
    'shop-a (blue) runs 2 of 2 tasks',
    'the lock of shop is kept, so nothing else is deployed',
    expect.stringMatching(/^look: aws elbv2 describe-rules/),
    expect.stringMatching(
      /^to try the rollback once more: npx greenlight rollback d1 --workflow Shop --reason/,
    ),
    expect.stringMatching(
      /^release the lock when all is well: npx greenlight lock release shop --workflow Shop --reason/,
    ),
  ]);
});

it('names no snapshot where none was taken, and counts the tasks that have to run again', () => {
  const shut = { a: 0, b: 0, page: 100 };
  const slots = { a: { service: 'shop-a', targetGroup: 'a' }, b: { service: 'shop-b', targetGroup: 'b' } };
  const closed = { ...facts.deployment, settings: { ...settings, slots } } as unknown as Deployment;
  const report = operatorReport({
    ...facts,
    deployment: closed,
    weights: shut,
    snapshot: undefined,
    tasks: 7,
  });
  expect(report).toContain('database db: no migration ran, so there is nothing to restore');
  expect(report).not.toContain('greenlight-d1');
  expect(report).toContain('--service shop-a --desired-count 7');
  expect(report).not.toContain('<');
});
