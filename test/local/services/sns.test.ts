import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSns } from '../../../local/services/sns';
import { manualClock } from '../manual-clock';
import { until } from '../proxy/origin';

const caller = { accessKeyId: 'test' };
const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:tell';

function setUp() {
  const invoked: { arn: string; payload: unknown }[] = [];
  const sns = createSns({
    clock: manualClock(),
    functions: {
      enqueue: async (arn, payload) => {
        invoked.push({ arn, payload });
        if (arn !== FUNCTION) throw new Error('Function not found');
      },
    },
  });
  const call = (operation: string, input: unknown) => sns.operations[operation]!(input, caller);
  const make = (type: string, properties: unknown) =>
    sns.resources![`AWS::SNS::${type}`]!(properties, { logicalId: 'T', name: 'stack-T', metadata: {} }) as {
      ref: string;
    };
  const topic = make('Topic', { TopicName: 'alarms' }).ref;
  return { sns, call, make, topic, invoked };
}

it('delivers a message to its Lambda subscribers in the shape of SNS', async () => {
  const { call, make, topic, invoked, sns } = setUp();
  make('Subscription', { TopicArn: topic, Protocol: 'lambda', Endpoint: FUNCTION });
  const { MessageId } = call('Publish', { TopicArn: topic, Message: 'hello', Subject: 'hi' });
  await until('it is delivered', () => invoked.length === 1);
  expect(invoked[0]).toMatchObject({
    arn: FUNCTION,
    payload: {
      Records: [
        {
          EventSource: 'aws:sns',
          Sns: { MessageId, TopicArn: topic, Message: 'hello', Subject: 'hi', Type: 'Notification' },
        },
      ],
    },
  });
  expect(sns.recent()).toMatchObject([{ messageId: MessageId, message: 'hello' }]);
});

it('posts a message to a subscriber on this machine', async () => {
  const { call, topic } = setUp();
  const received: { type: unknown; body: { Message: string } }[] = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (data) => {
      text += data;
    });
    request.on('end', () => {
      received.push({ type: request.headers['x-amz-sns-message-type'], body: JSON.parse(text) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  call('Subscribe', { TopicArn: topic, Protocol: 'http', Endpoint });
  call('Publish', { TopicArn: topic, Message: 'hello' });
  await until('it is posted', () => received.length === 1);
  expect(received[0]).toMatchObject({ type: 'Notification', body: { Message: 'hello', TopicArn: topic } });
  server.closeAllConnections();
  server.close();
});

it('posts to no other machine, and refuses protocols it has no part for', () => {
  const { call, topic } = setUp();
  const subscribe = (Protocol: string, Endpoint: string) => () =>
    call('Subscribe', { TopicArn: topic, Protocol, Endpoint });
  const invalid = expect.objectContaining({ name: 'InvalidParameterException' });
  expect(subscribe('https', 'https://example.com/hook')).toThrow(invalid);
  expect(subscribe('https', 'https://127.0.0.1.example.com/hook')).toThrow(invalid);
  expect(subscribe('sqs', 'arn:aws:sqs:eu-west-1:000000000000:q')).toThrow(
    'protocol sqs is not served locally',
  );
});

it('sends nothing to an e-mail address that has not confirmed', () => {
  const { call, topic } = setUp();
  call('Subscribe', { TopicArn: topic, Protocol: 'email', Endpoint: 'me@example.com' });
  expect(call('ListSubscriptionsByTopic', { TopicArn: topic }).Subscriptions).toMatchObject([
    { SubscriptionArn: 'PendingConfirmation', Endpoint: 'me@example.com' },
  ]);
});

it('subscribes the same endpoint once', () => {
  const { call, topic } = setUp();
  const subscribe = () =>
    call('Subscribe', { TopicArn: topic, Protocol: 'lambda', Endpoint: FUNCTION }).SubscriptionArn;
  expect(subscribe()).toBe(subscribe());
});

it('leaves a trace of what a subscriber did not take', async () => {
  const { call, sns, topic } = setUp();
  call('Subscribe', { TopicArn: topic, Protocol: 'lambda', Endpoint: `${FUNCTION}-broken` });
  sns.publish(topic, 'hello');
  await until('the failure is noted', () => sns.undelivered().length === 1);
  expect(sns.undelivered()[0]!.reason).toBe('Function not found');
});

it('refuses unknown topics, empty messages and FIFO topics', () => {
  const { call, topic } = setUp();
  expect(() => call('Publish', { TopicArn: `${topic}x`, Message: 'm' })).toThrow(
    expect.objectContaining({ name: 'NotFoundException' }),
  );
  expect(() => call('Publish', { TopicArn: topic, Message: '' })).toThrow('Empty message');
  expect(() => call('CreateTopic', { Name: 'a.fifo' })).toThrow('FIFO topics are not served locally');
});

it('keeps a topic’s policy from the template', () => {
  const { make, topic } = setUp();
  expect(make('TopicPolicy', { Topics: [topic], PolicyDocument: {} }).ref).toBe('T');
  expect(() => make('TopicPolicy', { Topics: [`${topic}x`], PolicyDocument: {} })).toThrow(
    'Topic does not exist',
  );
});

describe('a subscription with a filter policy', () => {
  function subscribed(FilterPolicy: unknown, FilterPolicyScope?: string) {
    const world = setUp();
    const Attributes = {
      FilterPolicy: JSON.stringify(FilterPolicy),
      ...(FilterPolicyScope && { FilterPolicyScope }),
    };
    world.call('Subscribe', { TopicArn: world.topic, Protocol: 'lambda', Endpoint: FUNCTION, Attributes });
    const publish = (Message: string, MessageAttributes: Record<string, unknown> = {}) => {
      const before = world.invoked.length;
      world.call('Publish', { TopicArn: world.topic, Message, MessageAttributes });
      return world.invoked.length - before;
    };
    return { ...world, publish };
  }
  const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });

  it('gets messages by their attributes', () => {
    const { publish } = subscribed({ kind: ['sold', { prefix: 're' }], price: [{ numeric: ['>=', 10] }] });
    expect(publish('m', { kind: text('sold'), price: text('10', 'Number') })).toBe(1);
    expect(publish('m', { kind: text('returned'), price: text('11.5', 'Number') })).toBe(1);
    expect(publish('m', { kind: text('sold'), price: text('9', 'Number') })).toBe(0);
    expect(publish('m', { kind: text('sold'), price: text('10') })).toBe(0);
    expect(publish('m')).toBe(0);
  });

  it('gets messages by members of an array, and by what is not there', () => {
    const { publish } = subscribed({ tags: ['a'], hidden: [{ exists: false }] });
    expect(publish('m', { tags: text('["b","a"]', 'String.Array') })).toBe(1);
    expect(publish('m', { tags: text('["b"]', 'String.Array') })).toBe(0);
    expect(publish('m', { tags: text('["a"]', 'String.Array'), hidden: text('x') })).toBe(0);
  });

  it('gets messages by their body', () => {
    const { publish } = subscribed({ shop: { $or: [{ name: ['a'] }, { size: [1] }] } }, 'MessageBody');
    expect(publish('{"shop":{"name":"a"}}')).toBe(1);
    expect(publish('{"shop":[{"size":2},{"size":1}]}')).toBe(1);
    expect(publish('{"shop":{"name":"b"}}')).toBe(0);
    expect(publish('no JSON', { shop: text('a') })).toBe(0);
  });

  it.each([
    ['no JSON object', '[]', undefined, 'FilterPolicy: failed to parse JSON.'],
    ['a bare value', '{"a":"b"}', undefined, 'FilterPolicy: "a" must be an object or an array'],
    ['an unknown operator', '{"a":[{"like":"b"}]}', undefined, 'FilterPolicy: Unrecognized match type like'],
    ['nesting for attributes', '{"a":{"b":["c"]}}', undefined, 'does not support nested filter policy'],
    [
      'more than five keys',
      JSON.stringify(Object.fromEntries([...'abcdef'].map((key) => [key, ['x']]))),
      undefined,
      'more than 5 keys',
    ],
    [
      'too many combinations',
      JSON.stringify(Object.fromEntries([...'abc'].map((key) => [key, [1, 2, 3, 4, 5, 6]]))),
      undefined,
      'too complex',
    ],
    ['an unknown scope', '{"a":["b"]}', 'Everything', 'FilterPolicyScope: Invalid value [Everything]'],
  ])('is refused with %s', (_, FilterPolicy, FilterPolicyScope, message) => {
    const { call, topic } = setUp();
    const Attributes = { FilterPolicy, ...(FilterPolicyScope && { FilterPolicyScope }) };
    expect(() =>
      call('Subscribe', { TopicArn: topic, Protocol: 'lambda', Endpoint: FUNCTION, Attributes }),
    ).toThrow(message);
    expect(call('ListSubscriptions', {}).Subscriptions).toEqual([]);
  });

  it('comes from a template as well', () => {
    const { make, topic, call, invoked } = setUp();
    const FilterPolicy = { kind: ['sold'] };
    make('Subscription', {
      TopicArn: topic,
      Protocol: 'lambda',
      Endpoint: FUNCTION,
      FilterPolicy,
      FilterPolicyScope: 'MessageBody',
    });
    call('Publish', { TopicArn: topic, Message: '{"kind":"lost"}' });
    call('Publish', { TopicArn: topic, Message: '{"kind":"sold"}' });
    expect(
      invoked.map(
        ({ payload }) => (payload as { Records: { Sns: { Message: string } }[] }).Records[0]!.Sns.Message,
      ),
    ).toEqual(['{"kind":"sold"}']);
  });
});

it.each([
  ['a message of more than 256 KiB', { Message: 'x'.repeat(262_145) }, 'Message too long'],
  [
    'a message that is too long with its attributes',
    { Message: 'x'.repeat(262_140), MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } },
    'Message too long',
  ],
  ['a subject of two lines', { Message: 'm', Subject: 'a\nb' }, 'Subject'],
  ['a subject of 100 characters', { Message: 'm', Subject: 'x'.repeat(100) }, 'Subject'],
  [
    'a structure without a default',
    { Message: '{"email":"x"}', MessageStructure: 'json' },
    'No default entry',
  ],
  ['a structure that is no JSON', { Message: 'x', MessageStructure: 'json' }, 'failed to parse'],
  [
    'an attribute of an unknown type',
    { Message: 'm', MessageAttributes: { a: { DataType: 'Date', StringValue: '1' } } },
    'invalid message attribute type',
  ],
  [
    'an attribute without a value',
    { Message: 'm', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
    'non-empty message attribute value',
  ],
  [
    'an attribute that is no number',
    { Message: 'm', MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } },
    'Could not cast',
  ],
])('refuses %s', (_, input, message) => {
  const { call, topic, sns } = setUp();
  expect(() => call('Publish', { TopicArn: topic, ...input })).toThrow(
    expect.objectContaining({ name: 'InvalidParameterException', message: expect.stringContaining(message) }),
  );
  expect(sns.recent()).toEqual([]);
});

it('says to each protocol what is meant for it', async () => {
  const { call, topic, invoked } = setUp();
  call('Subscribe', { TopicArn: topic, Protocol: 'lambda', Endpoint: FUNCTION });
  const Message = JSON.stringify({ default: 'to all', lambda: 'to functions' });
  call('Publish', { TopicArn: topic, Message, MessageStructure: 'json' });
  expect(invoked).toMatchObject([{ payload: { Records: [{ Sns: { Message: 'to functions' } }] } }]);
});

it.each([
  ['a name of other characters', 'CreateTopic', { Name: 'a b' }, 'Topic Name'],
  [
    'an unknown attribute',
    'CreateTopic',
    { Name: 'a', Attributes: { Colour: 'red' } },
    'Unknown attribute Colour',
  ],
  [
    'what is no ARN',
    'Publish',
    { TopicArn: 'alarms', Message: 'm' },
    'An ARN must have at least 6 elements, not 1',
  ],
  ['a function that is no ARN', 'Subscribe', { Protocol: 'lambda', Endpoint: 'tell' }, 'Lambda endpoint ARN'],
  ['an address that is none', 'Subscribe', { Protocol: 'email', Endpoint: 'me' }, 'Email address'],
  [
    'an endpoint of another protocol',
    'Subscribe',
    { Protocol: 'https', Endpoint: 'http://127.0.0.1/' },
    'must match the specified protocol',
  ],
  [
    'an attribute that there is not',
    'Subscribe',
    { Protocol: 'lambda', Endpoint: FUNCTION, Attributes: { Colour: 'red' } },
    'AttributeName',
  ],
  [
    'an attribute without local part',
    'Subscribe',
    { Protocol: 'lambda', Endpoint: FUNCTION, Attributes: { RedrivePolicy: '{}' } },
    'RedrivePolicy is not served locally',
  ],
  [
    'raw messages to functions',
    'Subscribe',
    { Protocol: 'lambda', Endpoint: FUNCTION, Attributes: { RawMessageDelivery: 'true' } },
    'does not support raw message delivery',
  ],
])('refuses %s by name', (_, operation, input, message) => {
  const { call, topic } = setUp();
  expect(() => call(operation, { TopicArn: topic, ...input })).toThrow(
    expect.objectContaining({ name: 'InvalidParameterException', message: expect.stringContaining(message) }),
  );
});

it('refuses to subscribe an endpoint anew with other attributes', () => {
  const { call, topic } = setUp();
  const subscribe = (FilterPolicy: string) => () =>
    call('Subscribe', {
      TopicArn: topic,
      Protocol: 'lambda',
      Endpoint: FUNCTION,
      Attributes: { FilterPolicy },
    });
  expect(subscribe('{"a":["b"]}')()).toEqual(subscribe('{"a":["b"]}')());
  expect(subscribe('{"a":["c"]}')).toThrow('already exists with different attributes');
});

it('ends topics with their policy and their subscriptions when a stack no longer names them', () => {
  const { sns, call, make, topic } = setUp();
  make('Subscription', { TopicArn: topic, Protocol: 'lambda', Endpoint: FUNCTION });
  const policy = { Topics: [topic], PolicyDocument: { Statement: [] } };
  sns.removals!['AWS::SNS::TopicPolicy']!(make('TopicPolicy', policy).ref, policy);
  sns.removals!['AWS::SNS::Topic']!(topic, {});
  expect(call('ListTopics', {})).toEqual({ Topics: [] });
  expect(call('ListSubscriptions', {})).toEqual({ Subscriptions: [] });
});

it('lists the subscriptions of a topic a hundred at a time, and none of a topic that is not there', () => {
  const { call } = setUp();
  const { TopicArn } = call('CreateTopic', { Name: 'releases' }) as { TopicArn: string };
  for (let n = 0; n < 101; n++)
    call('Subscribe', { TopicArn, Protocol: 'email', Endpoint: `team-${n}@example.com` });
  const list = (input: object) =>
    call('ListSubscriptionsByTopic', { TopicArn, ...input }) as {
      Subscriptions: object[];
      NextToken?: string;
    };
  const first = list({});
  expect(first.Subscriptions).toHaveLength(100);
  const last = list({ NextToken: first.NextToken });
  expect(last).toMatchObject({ Subscriptions: [{ Endpoint: 'team-100@example.com' }] });
  expect(last.NextToken).toBeUndefined();
  const absent = { TopicArn: `${TopicArn}-gone` };
  expect(() => list(absent)).toThrow(expect.objectContaining({ name: 'NotFoundException' }));
});

describe('a topic with a policy of its own', () => {
  const sender = (sourceArn: string) => ({ service: 'cloudwatch.amazonaws.com', sourceArn });
  const alarm = sender('arn:aws:cloudwatch:eu-west-1:000000000000:alarm:slow');
  const withPolicy = (...Statement: object[]) => {
    const own = createSns({ clock: manualClock(), functions: { enqueue: async () => {} } });
    const context = { metadata: {}, logicalId: 'Policy', name: 'heard' };
    const { ref } = own.resources!['AWS::SNS::Topic']!({}, context) as { ref: string };
    void own.resources!['AWS::SNS::TopicPolicy']!({ Topics: [ref], PolicyDocument: { Statement } }, context);
    return (from: typeof alarm) => () => own.publish(ref, 'slow', 'ALARM', from);
  };
  const allowed = {
    ...{ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' },
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:*:alarm:*' } },
  };

  it('takes what its policy lets in', () => expect(withPolicy(allowed)(alarm)).not.toThrow());
  it.each([
    ['a service that it does not name', [], alarm],
    [
      'another resource of the service',
      [allowed],
      sender('arn:aws:cloudwatch:eu-west-1:000000000000:dashboard/d'),
    ],
  ] as const)('takes nothing of %s', (_, statements, from) =>
    expect(withPolicy(...statements)(from)).toThrow('is not authorized to perform: SNS:Publish'),
  );
});
