import { randomUUID } from 'node:crypto';
import { InvalidParameterException } from '@aws-sdk/client-sns';
import type { Functions } from '../../service';

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
}
export interface Message {
  messageId: string;
  topicArn: string;
  subject?: string;
  message: string;
  timestamp: Date;
  attributes: Record<string, { Type: string; Value: string }>;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** SNS gives an HTTP endpoint 15 seconds to answer. */
const HTTP_TIMEOUT_MS = 15_000;

/**
 * Refuses what could not be delivered: an endpoint that is not on this machine, or a protocol without local
 * meaning. E-mail is accepted: on AWS too nothing is sent to an address that has not confirmed.
 */
export function checkSubscription(protocol: string, endpoint: string): void {
  const refusal = (message: string) =>
    new InvalidParameterException({ message: `Invalid parameter: ${message}`, $metadata: {} });
  if (protocol === 'lambda' || protocol === 'email' || protocol === 'email-json') return;
  if (protocol !== 'http' && protocol !== 'https')
    throw refusal(`protocol ${protocol} is not served locally`);
  if (!URL.canParse(endpoint) || !LOOPBACK.has(new URL(endpoint).hostname))
    throw refusal(`Endpoint ${endpoint} is not on this machine; locally SNS posts to 127.0.0.1 only`);
}

const notification = (message: Message) => ({
  Type: 'Notification',
  MessageId: message.messageId,
  TopicArn: message.topicArn,
  Subject: message.subject ?? null,
  Message: message.message,
  Timestamp: message.timestamp.toISOString(),
  MessageAttributes: message.attributes,
});

async function invoke(functions: Functions, subscription: Subscription, message: Message) {
  const invocation = await functions.invoke(subscription.endpoint, {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: notification(message),
      },
    ],
  });
  if ('error' in invocation)
    throw new Error(`${invocation.error.errorType}: ${invocation.error.errorMessage}`);
}

async function post(subscription: Subscription, message: Message) {
  const response = await fetch(subscription.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': message.messageId,
      'x-amz-sns-topic-arn': message.topicArn,
      'x-amz-sns-subscription-arn': subscription.arn,
    },
    body: JSON.stringify({ ...notification(message), UnsubscribeURL: '', Id: randomUUID() }),
    signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${subscription.endpoint} answered ${response.status}`);
}

/** Delivers one message to one subscriber, once; rejects with the reason when it could not. */
export async function deliver(
  functions: Functions,
  subscription: Subscription,
  message: Message,
): Promise<void> {
  if (subscription.protocol === 'lambda') return invoke(functions, subscription, message);
  if (subscription.protocol.startsWith('http')) return post(subscription, message);
}
