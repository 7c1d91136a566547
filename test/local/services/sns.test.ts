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
      invoke: async (arn, payload) => {
        invoked.push({ arn, payload });
        return arn === FUNCTION ? { payload: null } : { error: { errorType: 'Oops', errorMessage: 'no' } };
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
  expect(sns.undelivered()[0]!.reason).toBe('Oops: no');
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
  expect(() => make('TopicPolicy', { Topics: ['arn:nothing'], PolicyDocument: {} })).toThrow(
    'Topic does not exist',
  );
});
