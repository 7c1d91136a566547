import type { RunTaskRequest } from '@aws-sdk/client-ecs';
import { scaledClock } from '../../../local/clock';
import { createEvents, type Events } from '../../../local/services/events';
import { createSqs, type Sqs } from '../../../local/services/sqs';

const caller = { accessKeyId: 'test' };
const MACHINE = 'arn:aws:states:eu-west-1:000000000000:stateMachine:deploy';
const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:reap';
const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:alarms';
const RoleArn = 'arn:aws:iam::000000000000:role/events';

let events: Events;
let queues: Sqs;
let started: { machine: string; input: unknown }[];
let invoked: { arn: string; payload: unknown }[];
let published: { topic: string; message: string }[];
let ran: { roleArn: string; request: RunTaskRequest }[];

function create(speed = 1) {
  started = [];
  invoked = [];
  published = [];
  ran = [];
  queues = createSqs({ clock: scaledClock(speed), metrics: { record: () => {} } });
  events = createEvents({
    clock: scaledClock(speed),
    startExecution: async (machine, input) => {
      if (machine !== MACHINE) throw new Error('State Machine Does Not Exist');
      started.push({ machine, input: JSON.parse(input) });
    },
    functions: {
      enqueue: async (arn, payload) => {
        invoked.push({ arn, payload });
        if (arn !== FUNCTION) throw new Error('Function not found');
      },
    },
    publish: (topic, message) => {
      published.push({ topic, message });
    },
    runTask: async (roleArn, request) => {
      ran.push({ roleArn, request });
    },
    sendTo: (queueArn, sourceArn, letter) =>
      queues.send({ ...letter, queueArn }, { service: 'events.amazonaws.com', sourceArn }),
  });
}
beforeEach(() => create());
afterEach(() => events.close!());

const rule = (properties: Record<string, unknown>) =>
  events.resources!['AWS::Events::Rule']!(properties, {
    logicalId: 'Rule',
    name: 'stack-Rule',
    metadata: {},
  });
const call = (operation: string, input: unknown) => events.operations[operation]!(input, caller);
const pushed = {
  source: 'aws.ecr',
  detailType: 'ECR Image Action',
  detail: { 'image-tag': 'v2', result: 'SUCCESS' },
};

async function until(condition: () => boolean) {
  for (let turn = 0; turn < 1_000 && !condition(); turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

describe('a rule', () => {
  it('of a template that changes has the new pattern and the new targets, and none once it is gone', async () => {
    const before = { EventPattern: { source: ['aws.ecr'] }, Targets: [{ Id: 'go', Arn: MACHINE, RoleArn }] };
    await rule(before);
    const after = { EventPattern: { source: ['aws.ecs'] }, Targets: [{ Id: 'tell', Arn: TOPIC }] };
    await events.updates!['AWS::Events::Rule']!(after, {
      ...{ logicalId: 'Rule', name: 'stack-Rule', metadata: {}, ref: 'stack-Rule', before },
    });
    events.emit(pushed);
    events.emit({ ...pushed, source: 'aws.ecs' });
    await until(() => published.length > 0);
    expect(published.map(({ message }) => JSON.parse(message).source)).toEqual(['aws.ecs']);
    events.removals!['AWS::Events::Rule']!('stack-Rule', after);
    expect(call('ListRules', {}).Rules).toEqual([]);
    expect(started).toEqual([]);
  });

  it('starts the state machine with the whole event, in EventBridge’s shape', async () => {
    await rule({ EventPattern: { source: ['aws.ecr'] }, Targets: [{ Id: 'go', Arn: MACHINE, RoleArn }] });
    events.emit({ ...pushed, resources: ['arn:x'] });
    events.emit({ ...pushed, source: 'aws.ecs' });
    await until(() => started.length > 0);
    expect(started).toEqual([
      {
        machine: MACHINE,
        input: {
          version: '0',
          id: expect.any(String),
          'detail-type': 'ECR Image Action',
          source: 'aws.ecr',
          account: '000000000000',
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          region: 'eu-west-1',
          resources: ['arn:x'],
          detail: pushed.detail,
        },
      },
    ]);
  });

  it('hands targets a constant, a part of the event or a filled template', async () => {
    const template = '{"tag": <tag>, "text": "rule <aws.events.rule-name> saw <tag>", "missing": <none>}';
    await rule({
      EventPattern: { source: ['aws.ecr'] },
      Targets: [
        { Id: '1', Arn: MACHINE, RoleArn, Input: '{"constant":1}' },
        { Id: '2', Arn: FUNCTION, InputPath: '$.detail' },
        {
          Id: '3',
          Arn: TOPIC,
          InputTransformer: {
            InputPathsMap: { tag: "$.detail['image-tag']", none: '$.nothing' },
            InputTemplate: template,
          },
        },
      ],
    });
    events.emit(pushed);
    await until(() => started.length + invoked.length + published.length === 3);
    expect(started[0]!.input).toEqual({ constant: 1 });
    expect(invoked[0]).toEqual({ arn: FUNCTION, payload: pushed.detail });
    expect(JSON.parse(published[0]!.message)).toEqual({
      tag: 'v2',
      text: 'rule stack-Rule saw v2',
      missing: '',
    });
  });

  it('does nothing while it is disabled', async () => {
    await rule({ EventPattern: { source: ['aws.ecr'] }, Targets: [{ Id: 'go', Arn: MACHINE, RoleArn }] });
    call('DisableRule', { Name: 'stack-Rule' });
    events.emit(pushed);
    call('EnableRule', { Name: 'stack-Rule' });
    events.emit({ ...pushed, detail: { second: true } });
    await until(() => started.length > 0);
    expect(started.map(({ input }) => (input as { detail: unknown }).detail)).toEqual([{ second: true }]);
  });

  it('runs at its rate in cloud time, with a scheduled event', async () => {
    await events.close!();
    create(600);
    await rule({ ScheduleExpression: 'rate(1 minute)', Targets: [{ Id: 'reap', Arn: FUNCTION }] });
    await until(() => invoked.length >= 2);
    expect(invoked[0]!.payload).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      detail: {},
    });
  });

  describe('with an Amazon ECS task for a target', () => {
    const target = {
      Id: 'job',
      Arn: 'arn:aws:ecs:eu-west-1:000000000000:cluster/main',
      RoleArn,
      EcsParameters: {
        TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/job:3',
        LaunchType: 'FARGATE',
        NetworkConfiguration: { AwsVpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'] } },
      },
    };
    const task = {
      cluster: target.Arn,
      taskDefinition: target.EcsParameters.TaskDefinitionArn,
      count: 1,
      launchType: 'FARGATE',
      startedBy: 'events-rule/stack-Rule',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    };

    it('starts it by its role when it is due, and for an event that matches, which is no override of it', async () => {
      await events.close!();
      create(600);
      await rule({ ScheduleExpression: 'cron(* * * * ? *)', Targets: [target] });
      await until(() => ran.length > 0);
      expect(ran[0]).toMatchObject({ roleArn: RoleArn, request: task });
      await events.close!();
      create();
      await rule({ EventPattern: { source: ['aws.ecr'] }, Targets: [target] });
      events.emit(pushed);
      await until(() => ran.length > 0);
      expect(ran[0]!.request).toMatchObject({ ...task, overrides: undefined });
    });

    it('takes overrides from the input of the target', async () => {
      const overrides = { containerOverrides: [{ name: 'job', command: ['now'] }] };
      await rule({
        EventPattern: { source: ['aws.ecr'] },
        Targets: [{ ...target, Input: JSON.stringify(overrides) }],
      });
      events.emit(pushed);
      await until(() => ran.length > 0);
      expect(ran[0]!.request.overrides).toEqual(overrides);
    });

    it('shows it in the words of the API, and is refused without a role or a task definition', async () => {
      await rule({ EventPattern: { source: ['x'] }, Targets: [target] });
      const { Targets } = await call('ListTargetsByRule', { Rule: 'stack-Rule' });
      expect(Targets[0].EcsParameters.NetworkConfiguration).toEqual({
        awsvpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'] },
      });
      for (const lacking of ['RoleArn', 'EcsParameters'])
        expect(() =>
          rule({ EventPattern: { source: ['x'] }, Targets: [{ ...target, [lacking]: undefined }] }),
        ).toThrow(`for target ${target.Arn}`);
    });
  });

  it('puts what it cannot deliver into the queue of the target, if its policy lets this rule', async () => {
    const make = (type: string, properties: object, logicalId: string) =>
      queues.resources![type]!(properties, { logicalId, name: logicalId, metadata: {} });
    const { ref, attributes } = await make('AWS::SQS::Queue', {}, 'letters');
    const allow = (rule: string) =>
      make(
        'AWS::SQS::QueuePolicy',
        {
          Queues: [ref],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: attributes!.Arn,
                Condition: {
                  ArnEquals: { 'aws:SourceArn': `arn:aws:events:eu-west-1:000000000000:rule/${rule}` },
                },
              },
            ],
          },
        },
        'policy',
      );
    const target = { Id: 'gone', Arn: `${FUNCTION}-gone`, DeadLetterConfig: { Arn: attributes!.Arn } };
    await rule({ EventPattern: { source: ['aws.ecr'] }, Targets: [target] });
    await allow('another-Rule');
    events.emit(pushed);
    await until(() => events.undelivered().length === 1);
    expect(queues.messages()).toEqual([]);
    await allow('stack-Rule');
    events.emit(pushed);
    await until(() => queues.messages().length > 0);
    expect(queues.messages()).toEqual([
      {
        queueArn: attributes!.Arn,
        body: expect.stringContaining('"source":"aws.ecr"'),
        attributes: {
          RULE_ARN: 'arn:aws:events:eu-west-1:000000000000:rule/stack-Rule',
          TARGET_ARN: target.Arn,
          ERROR_CODE: 'Error',
          ERROR_MESSAGE: 'Function not found',
          RETRY_ATTEMPTS: '0',
        },
      },
    ]);
  });

  it('is refused for a cron expression that is not played, for unknown targets and for dead letters to anything but a queue, by name', () => {
    const pattern = { EventPattern: { source: ['x'] } };
    expect(() => rule({ ScheduleExpression: 'cron(0 10 L * ? *)' })).toThrow(
      'cron(0 10 L * ? *) cannot be run locally',
    );
    expect(() => rule({ ScheduleExpression: 'rate(1 minutes)' })).toThrow('ScheduleExpression is not valid');
    expect(() =>
      rule({ ...pattern, Targets: [{ Id: 'q', Arn: 'arn:aws:sqs:eu-west-1:000000000000:q' }] }),
    ).toThrow('target q (arn:aws:sqs:eu-west-1:000000000000:q) is not served locally');
    expect(() =>
      rule({ ...pattern, Targets: [{ Id: 'f', Arn: FUNCTION, DeadLetterConfig: { Arn: 'x' } }] }),
    ).toThrow('it has to name a standard SQS queue');
    expect(() => rule({ EventPattern: { source: [{ cidr: 'x' }] } })).toThrow(
      expect.objectContaining({ name: 'InvalidEventPatternException' }),
    );
  });

  it.each([
    [
      'a target that is no ARN',
      { Targets: [{ Id: '1', Arn: 'deploy' }] },
      'Provided Arn is not in correct format',
    ],
    [
      'a state machine without a role',
      { Targets: [{ Id: '1', Arn: MACHINE }] },
      'RoleArn is required for target',
    ],
    [
      'two inputs for one target',
      { Targets: [{ Id: '1', Arn: FUNCTION, Input: '{}', InputPath: '$' }] },
      'Only one of Input, InputPath, or InputTransformer',
    ],
    ['an input that is no JSON', { Targets: [{ Id: '1', Arn: FUNCTION, Input: '{' }] }, 'JSON text in Input'],
    [
      'more than five targets',
      { Targets: [1, 2, 3, 4, 5, 6].map((id) => ({ Id: `${id}`, Arn: FUNCTION })) },
      'exceeds the maximum number allowed',
    ],
  ])('is refused with %s', (_, input, message) => {
    call('PutRule', { Name: 'r', EventPattern: '{"source":["a"]}' });
    expect(() => call('PutTargets', { Rule: 'r', ...input })).toThrow(message);
    expect(call('ListTargetsByRule', { Rule: 'r' }).Targets).toEqual([]);
  });

  it('is refused with a pattern that is too long, and on a bus that there is not', () => {
    const EventPattern = JSON.stringify({ source: ['x'.repeat(2_048)] });
    expect(() => call('PutRule', { Name: 'r', EventPattern })).toThrow(
      expect.objectContaining({ name: 'LimitExceededException' }),
    );
    for (const operation of ['PutRule', 'DescribeRule', 'ListRules', 'ListTargetsByRule'])
      expect(() =>
        call(operation, { Name: 'r', Rule: 'r', EventBusName: 'gone', EventPattern: '{"a":["b"]}' }),
      ).toThrow('Event bus gone does not exist.');
  });

  it('is listed a page at a time', () => {
    for (const Name of ['a', 'b', 'c']) call('PutRule', { Name, EventPattern: '{"source":["a"]}' });
    const { Rules, NextToken } = call('ListRules', { Limit: 2 });
    expect(Rules).toHaveLength(2);
    expect(call('ListRules', { NextToken }).Rules).toMatchObject([{ Name: 'c' }]);
  });

  it('leaves a trace of what could not be delivered', async () => {
    await rule({
      EventPattern: { source: ['aws.ecr'] },
      Targets: [
        { Id: '1', Arn: `${MACHINE}-gone`, RoleArn },
        { Id: '2', Arn: `${FUNCTION}-broken` },
      ],
    });
    events.emit(pushed);
    await until(() => events.undelivered().length === 2);
    const reasons = events.undelivered().map(({ reason }) => reason);
    expect(reasons.toSorted()).toEqual(['Function not found', 'State Machine Does Not Exist']);
  });
});

describe('TestEventPattern', () => {
  const EventPattern = '{"detail":{"n":[{"numeric":["<",5]}]}}';

  it('tells whether an event matches', () => {
    expect(call('TestEventPattern', { EventPattern, Event: '{"detail":{"n":4}}' })).toEqual({ Result: true });
    expect(call('TestEventPattern', { EventPattern, Event: '{"detail":{"n":5}}' })).toEqual({
      Result: false,
    });
  });

  it.each([
    [
      'a pattern that is none',
      '{"detail":{"n":[{"NUMERIC":["<",5]}]}}',
      '{}',
      'InvalidEventPatternException',
    ],
    ['a pattern that is no JSON', '{', '{}', 'InvalidEventPatternException'],
    ['an event that is no JSON', EventPattern, '{', 'ValidationException'],
    ['an event that is no object', EventPattern, '[]', 'ValidationException'],
  ])('refuses %s', (_, pattern, Event, name) => {
    expect(() => call('TestEventPattern', { EventPattern: pattern, Event })).toThrow(
      expect.objectContaining({ name }),
    );
  });
});

describe('PutEvents', () => {
  const entry = { Source: 'shop', DetailType: 'Sold', Detail: '{"n":1}' };

  it('answers per entry, and names what is wrong with each', () => {
    const { Entries, FailedEntryCount } = call('PutEvents', {
      Entries: [
        entry,
        { ...entry, Detail: '[1]' },
        { ...entry, Source: 'aws.fake' },
        { ...entry, DetailType: undefined },
      ],
    });
    expect(FailedEntryCount).toBe(3);
    expect(Entries.map(({ ErrorCode }: { ErrorCode?: string }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(events.recent()).toHaveLength(1);
  });

  it('gives an id for a bus that there is not, and nobody sees the event', async () => {
    await rule({ EventPattern: { source: ['shop'] }, Targets: [{ Id: 'go', Arn: FUNCTION }] });
    const { Entries, FailedEntryCount } = call('PutEvents', {
      Entries: [{ ...entry, EventBusName: 'gone' }],
    });
    expect([Entries, FailedEntryCount]).toEqual([[{ EventId: expect.any(String) }], 0]);
    expect([events.recent(), invoked]).toEqual([[], []]);
  });

  it('refuses more than 1 MB at a time', () => {
    const Detail = (length: number) => JSON.stringify({ text: 'x'.repeat(length) });
    const put = (...lengths: number[]) =>
      call('PutEvents', { Entries: lengths.map((length) => ({ ...entry, Detail: Detail(length) })) });
    expect(put(1_048_000).FailedEntryCount).toBe(0);
    expect(() => put(1_048_576)).toThrow('Total size of the entries in the request is over the limit.');
    expect(() => put(600_000, 600_000)).toThrow(expect.objectContaining({ name: 'ValidationException' }));
  });

  it('keeps the time that an entry names', () => {
    call('PutEvents', { Entries: [{ ...entry, Time: new Date('2020-02-03T04:05:06.789Z') }] });
    expect(events.recent()[0]!.time).toBe('2020-02-03T04:05:06Z');
  });

  it('remembers the newest thousand events', () => {
    for (let n = 0; n < 1_005; n++) events.emit({ ...pushed, detail: { n } });
    expect(events.recent()).toHaveLength(1_000);
    expect(events.recent()[0]!.detail).toEqual({ n: 5 });
  });
});

it('keeps the targets of a rule that is put again, and deletes a rule without targets only', async () => {
  call('PutRule', { Name: 'r', EventPattern: '{"source":["a"]}' });
  call('PutTargets', { Rule: 'r', Targets: [{ Id: 'go', Arn: MACHINE, RoleArn }] });
  call('PutRule', { Name: 'r', EventPattern: '{"source":["b"]}' });
  expect(call('ListTargetsByRule', { Rule: 'r' }).Targets).toHaveLength(1);
  expect(() => call('DeleteRule', { Name: 'r' })).toThrow("Rule can't be deleted since it has targets.");
  call('RemoveTargets', { Rule: 'r', Ids: ['go'] });
  call('DeleteRule', { Name: 'r' });
  expect(() => call('DescribeRule', { Name: 'r' })).toThrow('Rule r does not exist on EventBus default.');
});
