import * as fc from 'fast-check';
import { phases } from '../../../lambdas';
import { askable } from '../../../src/domain/settings';
import graph from '../../../statemachines/deployment.asl.json';
import { kindNames } from '../cases';
import { type Deployment, type Event, type Moment, meddlings, type Story, verbs, versions } from './story';

/** A story has at most so many events, or nobody reads it. */
const MOST_EVENTS = 5;

const wayForward = [
  'prepare',
  'approve',
  'close',
  'protect',
  'expand',
  'deploy',
  'shift',
  'contract',
  'finish',
];
const namesOf = (chosen: (phase: string) => boolean) =>
  Object.entries(phases)
    .filter(([phase]) => chosen(phase))
    .flatMap(([, steps]) => steps.map(({ name }) => name));
const forward = namesOf((phase) => wayForward.includes(phase));
const back = namesOf((phase) => !wayForward.includes(phase));
const waits = Object.entries(graph.States)
  .filter(([, { Type }]) => Type === 'Wait')
  .map(([name]) => name);

/** Most stories turn back late or never, so most of what befalls them is put on the way forward. */
const task = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...forward) },
  { weight: 1, arbitrary: fc.constantFrom(...back) },
);
const state = fc.oneof({ weight: 4, arbitrary: task }, { weight: 1, arbitrary: fc.constantFrom(...waits) });
const moment: fc.Arbitrary<Moment> = fc.oneof(
  { weight: 4, arbitrary: state.map((entered) => ({ entered })) },
  { weight: 1, arbitrary: fc.constant<Moment>('over') },
);

/** What the workflow asks of AWS. */
const operations = [
  'cloudwatch:GetMetricData',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:TransactWriteItems',
  'dynamodb:UpdateItem',
  'ecr:DescribeImages',
  'ecs:DescribeServices',
  'ecs:DescribeTasks',
  'ecs:ListTasks',
  'ecs:RegisterTaskDefinition',
  'ecs:RunTask',
  'ecs:StopTask',
  'ecs:UpdateService',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:ModifyRule',
  'events:PutEvents',
  'rds:CreateDBSnapshot',
  'rds:DescribeDBSnapshots',
  'rds:RestoreDBInstanceFromDBSnapshot',
  's3:GetObject',
  'secretsmanager:GetSecretValue',
  'sns:Publish',
  'ssm:GetParameter',
  'states:DescribeExecution',
  'states:StartExecution',
] as const;

const befallen = kindNames.filter((kind) => !kind.startsWith('stopped')) as Exclude<
  (typeof kindNames)[number],
  `stopped${string}`
>[];

const asked = {
  version: fc.constantFrom(...versions),
  strategy: fc.constantFrom('ALL_AT_ONCE', ...askable.filter((strategy) => strategy !== 'ALL_AT_ONCE')),
  migrations: fc.constantFrom('none' as const, 'run' as const, 'run' as const),
  onBusy: fc.constantFrom('reject' as const, 'wait' as const, 'supersede' as const),
};

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      at: task,
      befalls: fc.constantFrom(...befallen),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      operation: fc.constantFrom(...operations),
      fails: fc.constantFrom('before' as const, 'after', 'throttle', 'slow', 'deny'),
      times: fc.constantFrom(1, 3, 6),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      when: moment,
      verb: fc.constantFrom(...verbs),
    }),
  },
  {
    // answers are given when they are asked for, or most of them would come to nobody
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      when: fc.constantFrom({ entered: 'RequestApproval' }, { entered: 'ConfirmRollback' }),
      verb: fc.constantFrom('approve' as const, 'reject'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('second' as const), when: moment, deploy: fc.record(asked) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('told' as const),
      told: fc.constantFrom('twice' as const, 'never'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('meddling' as const),
      when: moment,
      with: fc.constantFrom(...meddlings),
    }),
  },
);

const seldom = fc.constantFrom(false, false, false, true);

const deployment: fc.Arbitrary<Deployment> = fc.record({
  ...asked,
  approval: seldom,
  warm: seldom,
  wayBack: fc.constantFrom(
    'automatic' as const,
    'automatic' as const,
    'confirm' as const,
    'propose' as const,
  ),
  events: fc.array(event, { maxLength: 3 }),
});

/** Keeps the first events of a story that has too many. */
function bounded(deployments: Deployment[]): Story {
  let left = MOST_EVENTS;
  return {
    deployments: deployments.map((one) => {
      const events = one.events.slice(0, left);
      left -= events.length;
      return { ...one, events };
    }),
  };
}

const many = (length: number) => fc.array(deployment, { minLength: length, maxLength: length });

/** Any story; it shrinks to fewer deployments, fewer events and plainer ones. */
export const story: fc.Arbitrary<Story> = fc
  .oneof(
    { weight: 6, arbitrary: many(1) },
    { weight: 3, arbitrary: fc.array(deployment, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(deployment, { minLength: 1, maxLength: 3 }) },
  )
  .map(bounded);
