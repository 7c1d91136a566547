import * as fc from 'fast-check';
import { askable } from '../../../src/domain/settings/choices';
import { states } from '../../../statemachines';
import { kindNames, tasks } from '../cases';
import { type Deployment, type Event, type Moment, meddlings, type Story, verbs, versions } from './story';

/** A story has at most so many events, or nobody reads it. */
const MOST_EVENTS = 5;

const turn = tasks.indexOf('StartBlue');
const [forward, back] = [tasks.slice(0, turn), tasks.slice(turn)];
const waits = states.filter(({ state }) => state.Type === 'Wait').map(({ name }) => name);

/** Most stories roll back late or never, so most of what befalls them is put on the way forward. */
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
  // most releases are good ones, or nothing is ever taken back late
  version: fc.constantFrom('v2' as const, 'v2' as const, 'v7' as const, ...versions),
  strategy: fc.constantFrom('ALL_AT_ONCE', ...askable.filter((strategy) => strategy !== 'ALL_AT_ONCE')),
  migrations: fc.constantFrom('none' as const, 'run' as const, 'run' as const),
  onBusy: fc.constantFrom('reject' as const, 'reject' as const, 'wait' as const, 'supersede' as const),
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

const answers = (entered: string) =>
  fc
    .constantFrom('approve' as const, 'approve' as const, 'reject' as const, undefined)
    .map((verb): Event[] => (verb ? [{ kind: 'command', when: { entered }, verb }] : []));

/** Most questions are answered: what waits for nobody has little to tell. */
const deployment: fc.Arbitrary<Deployment> = fc
  .record({
    deployment: fc.record({
      ...asked,
      approval: seldom,
      warm: seldom,
      wayBack: fc.constantFrom(
        'automatic' as const,
        'automatic' as const,
        'confirm' as const,
        'propose' as const,
      ),
      events: fc.array(event, { maxLength: 4, size: 'max' }),
    }),
    approval: answers('RequestApproval'),
    confirmation: answers('ConfirmRollback'),
  })
  .map(({ deployment, approval, confirmation }) => ({
    ...deployment,
    events: [
      ...(deployment.approval ? approval : []),
      ...(deployment.wayBack === 'automatic' ? [] : confirmation),
      ...deployment.events,
    ],
  }));

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

const many = (minLength: number, maxLength: number) =>
  fc.array(deployment, { minLength, maxLength, size: 'max' });

/** Any story; it shrinks to fewer deployments, fewer events and plainer ones. */
export const story: fc.Arbitrary<Story> = fc.noBias(
  fc
    .oneof(
      { weight: 6, arbitrary: many(1, 1) },
      { weight: 3, arbitrary: many(1, 2) },
      { weight: 1, arbitrary: many(1, 3) },
    )
    .map(bounded),
);
