import { arn } from '../../names';
import { ANY, passing, type Row, type Rows } from './requirement';

const isArn = (text: string) => text.startsWith('arn:');

const bus = (name = 'default') => (isArn(name) ? name : arn('events', `event-bus/${name}`));
const ruleArn = (name: string, eventBus?: string) =>
  arn('events', eventBus && eventBus !== 'default' ? `rule/${eventBus}/${name}` : `rule/${name}`);

const onRule =
  (action: string, member: 'Name' | 'Rule' = 'Name'): Row =>
  (i) => [{ action: `events:${action}`, resources: [ruleArn(i[member], i.EventBusName)] }];

interface Entry {
  EventBusName?: string;
  Source?: string;
  DetailType?: string;
}

export const events: Rows = {
  prefix: 'events',
  operations: {
    DescribeRule: onRule('DescribeRule'),
    DisableRule: onRule('DisableRule'),
    EnableRule: onRule('EnableRule'),
    ListTargetsByRule: onRule('ListTargetsByRule', 'Rule'),
    PutEvents: (i) =>
      i.Entries.map((entry: Entry) => ({
        action: 'events:PutEvents',
        resources: [bus(entry.EventBusName)],
        context: { 'events:source': entry.Source, 'events:detail-type': entry.DetailType },
      })),
    PutRule: onRule('PutRule'),
    PutTargets: (i, lookups) => [
      ...onRule('PutTargets', 'Rule')(i, lookups),
      ...passing(
        'events.amazonaws.com',
        i.Targets.map(({ RoleArn }: { RoleArn?: string }) => RoleArn),
      ),
    ],
  },
};

const onSchedule =
  (action: string): Row =>
  (i) => [
    {
      action: `scheduler:${action}`,
      resources: [arn('scheduler', `schedule/${i.GroupName ?? 'default'}/${i.Name}`)],
    },
  ];

/** Whoever writes a schedule hands over the role that it starts its target by. */
const writing =
  (action: 'CreateSchedule' | 'UpdateSchedule'): Row =>
  (i, lookups) => [
    ...onSchedule(action)(i, lookups),
    ...passing('scheduler.amazonaws.com', [i.Target?.RoleArn]),
  ];

export const scheduler: Rows = {
  prefix: 'scheduler',
  operations: {
    CreateSchedule: writing('CreateSchedule'),
    DeleteSchedule: onSchedule('DeleteSchedule'),
    GetSchedule: onSchedule('GetSchedule'),
    UpdateSchedule: writing('UpdateSchedule'),
  },
};

const onTopic =
  (action: string): Row =>
  (i) => [{ action: `sns:${action}`, resources: [i.TopicArn ?? i.TargetArn ?? '*'] }];

export const sns: Rows = {
  prefix: 'sns',
  operations: {
    GetTopicAttributes: onTopic('GetTopicAttributes'),
    ListSubscriptionsByTopic: onTopic('ListSubscriptionsByTopic'),
    Publish: onTopic('Publish'),
    PublishBatch: onTopic('Publish'),
    Subscribe: onTopic('Subscribe'),
  },
};

/** The services that put messages into queues for a role ask by the queue's ARN; nobody sends over the wire. */
export const sqs: Rows = {
  prefix: 'sqs',
  operations: { SendMessage: (i) => [{ action: 'sqs:SendMessage', resources: [i.QueueArn ?? '*'] }] },
};

/** A function's name, its ARN, or the part of its ARN from the account on; a qualifier is part of what is asked for. */
function functionArn(reference: string, qualifier?: string): string {
  const name = isArn(reference)
    ? reference
    : arn('lambda', `function:${reference.replace(/^\d{12}:function:/, '')}`);
  return qualifier === undefined ? name : `${name}:${qualifier}`;
}

/** The parts of the cloud that invoke functions for a role ask for this right as a call over the wire does. */
export const lambda: Rows = {
  prefix: 'lambda',
  operations: {
    Invoke: (i) => [
      {
        action: 'lambda:InvokeFunction',
        resources: i.FunctionName ? [functionArn(i.FunctionName, i.Qualifier)] : ANY,
      },
    ],
  },
};

/** A request to an API that IAM guards. */
export const executeApi: Rows = {
  prefix: 'execute-api',
  operations: { Invoke: (i) => [{ action: 'execute-api:Invoke', resources: [i.Resource] }] },
};
