import { randomUUID } from 'node:crypto';
import type { EventFunctions } from '../../service';
import type { Message } from './message';
import type { Subscription } from './subscriptions';

/** SNS gives an HTTP endpoint 15 seconds to answer. */
const HTTP_TIMEOUT_MS = 15_000;

const textFor = ({ protocol }: Subscription, { message, byProtocol }: Message) =>
  byProtocol ? (byProtocol[protocol] ?? byProtocol.default!) : message;

const notification = (subscription: Subscription, message: Message) => ({
  Type: 'Notification',
  MessageId: message.messageId,
  TopicArn: message.topicArn,
  Subject: message.subject ?? null,
  Message: textFor(subscription, message),
  Timestamp: message.timestamp.toISOString(),
  MessageAttributes: message.attributes,
});

const lambdaEvent = (subscription: Subscription, message: Message) => ({
  Records: [
    {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscription.arn,
      Sns: notification(subscription, message),
    },
  ],
});

async function post(subscription: Subscription, message: Message) {
  const response = await fetch(subscription.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': message.messageId,
      'x-amz-sns-topic-arn': message.topicArn,
      'x-amz-sns-subscription-arn': subscription.arn,
      ...(subscription.isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
    },
    body: subscription.isRaw
      ? textFor(subscription, message)
      : JSON.stringify({ ...notification(subscription, message), UnsubscribeURL: '', Id: randomUUID() }),
    signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${subscription.endpoint} answered ${response.status}`);
}

/** Delivers one message to one subscriber, once; rejects with the reason when it could not. */
export async function deliver(
  functions: EventFunctions,
  subscription: Subscription,
  message: Message,
): Promise<void> {
  if (subscription.protocol === 'lambda')
    return functions.enqueue(subscription.endpoint, lambdaEvent(subscription, message));
  if (subscription.protocol.startsWith('http')) return post(subscription, message);
}
