import { randomUUID } from 'node:crypto';
import { InvalidParameterException, NotFoundException, type SNS } from '@aws-sdk/client-sns';
import type { Clock } from '../../clock';
import { ACCOUNT, arn } from '../../names';
import { remember } from '../../newest';
import type { Functions, Operations, Service } from '../../service';
import { checkSubscription, deliver, type Message, type Subscription } from './delivery';

export type { Message } from './delivery';

export interface Undelivered {
  subscriptionArn: string;
  messageId: string;
  reason: string;
}
export interface Sns extends Service {
  /** Publishes without waiting for subscribers; throws NotFoundException for an unknown topic. Returns the message id. */
  publish(topicArn: string, message: string, subject?: string): string;
  /** The newest messages of all topics, oldest first, at most 1,000. */
  recent(): readonly Message[];
  /** Deliveries that failed, oldest first, at most 1,000. */
  undelivered(): readonly Undelivered[];
}

const $metadata = {};
/** Standard topics with subscribers of Lambda and loopback HTTP; each delivery is tried once, subscriptions need no confirmation. */
export function createSns({ clock, functions }: { clock: Clock; functions: Functions }): Sns {
  const topics = new Map<string, { arn: string; name: string; displayName: string; policy?: unknown }>();
  const subscriptions = new Map<string, Subscription>();
  const messages: Message[] = [];
  const failed: Undelivered[] = [];

  function topic(topicArn: string) {
    const found = topics.get(topicArn);
    if (!found) throw new NotFoundException({ message: 'Topic does not exist', $metadata });
    return found;
  }

  function createTopic(name: string, displayName = ''): string {
    if (name.endsWith('.fifo'))
      throw new InvalidParameterException({
        message: 'Invalid parameter: FIFO topics are not served locally',
        $metadata,
      });
    const topicArn = arn('sns', name);
    if (!topics.has(topicArn)) topics.set(topicArn, { arn: topicArn, name, displayName });
    return topicArn;
  }

  function subscribe(topicArn: string, protocol: string, endpoint: string): string {
    topic(topicArn);
    checkSubscription(protocol, endpoint);
    for (const known of subscriptions.values())
      if (known.topicArn === topicArn && known.protocol === protocol && known.endpoint === endpoint)
        return known.arn;
    const subscription: Subscription = { arn: `${topicArn}:${randomUUID()}`, topicArn, protocol, endpoint };
    subscriptions.set(subscription.arn, subscription);
    return subscription.arn;
  }

  function publish(
    topicArn: string,
    message: string,
    subject?: string,
    attributes: Message['attributes'] = {},
  ): string {
    topic(topicArn);
    const published: Message = {
      messageId: randomUUID(),
      topicArn,
      subject,
      message,
      attributes,
      timestamp: new Date(clock.now()),
    };
    remember(messages, published);
    for (const subscription of subscriptions.values())
      if (subscription.topicArn === topicArn)
        deliver(functions, subscription, published).catch((error) =>
          remember(failed, {
            subscriptionArn: subscription.arn,
            messageId: published.messageId,
            reason: String(error?.message ?? error),
          }),
        );
    return published.messageId;
  }

  const shown = ({
    arn: SubscriptionArn,
    topicArn: TopicArn,
    protocol: Protocol,
    endpoint: Endpoint,
  }: Subscription) => ({
    SubscriptionArn: Protocol.startsWith('email') ? 'PendingConfirmation' : SubscriptionArn,
    Owner: ACCOUNT,
    Protocol,
    Endpoint,
    TopicArn,
  });

  const operations: Operations<SNS> = {
    CreateTopic: ({ Name }) => ({ TopicArn: createTopic(Name!) }),
    ListTopics: () => ({ Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })) }),
    GetTopicAttributes: ({ TopicArn }) => {
      const { displayName } = topic(TopicArn!);
      return { Attributes: { TopicArn: TopicArn!, Owner: ACCOUNT, DisplayName: displayName } };
    },
    Subscribe: ({ TopicArn, Protocol, Endpoint = '' }) => ({
      SubscriptionArn: subscribe(TopicArn!, Protocol!, Endpoint),
    }),
    Unsubscribe: ({ SubscriptionArn }) => {
      subscriptions.delete(SubscriptionArn!);
      return {};
    },
    ListSubscriptions: () => ({ Subscriptions: [...subscriptions.values()].map(shown) }),
    ListSubscriptionsByTopic: ({ TopicArn }) => ({
      Subscriptions: [...subscriptions.values()]
        .filter(({ topicArn }) => topicArn === topic(TopicArn!).arn)
        .map(shown),
    }),
    Publish: ({ TopicArn, TargetArn, PhoneNumber, Message: text, Subject, MessageAttributes = {} }) => {
      const target = TopicArn ?? TargetArn;
      if (!target || PhoneNumber)
        throw new InvalidParameterException({
          message: 'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
          $metadata,
        });
      if (!text)
        throw new InvalidParameterException({ message: 'Invalid parameter: Empty message', $metadata });
      const attributes = Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
          name,
          { Type: DataType!, Value: StringValue ?? '' },
        ]),
      );
      return { MessageId: publish(target, text, Subject, attributes) };
    },
  };

  return {
    signingName: 'sns',
    operations,
    resources: {
      'AWS::SNS::Topic': (properties, { name }) => {
        const topicName = properties.TopicName ?? name;
        const topicArn = createTopic(topicName, properties.DisplayName);
        for (const { Protocol, Endpoint } of properties.Subscription ?? [])
          subscribe(topicArn, Protocol, Endpoint);
        return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: topicName } };
      },
      'AWS::SNS::Subscription': ({ TopicArn, Protocol, Endpoint, FilterPolicy }) => {
        if (FilterPolicy)
          throw new Error(`subscription filter policies are not served locally; filter in the subscriber`);
        const subscriptionArn = subscribe(TopicArn, Protocol, Endpoint);
        return { ref: subscriptionArn, attributes: { Arn: subscriptionArn } };
      },
      'AWS::SNS::TopicPolicy': ({ Topics, PolicyDocument }, { logicalId }) => {
        for (const topicArn of Topics) topic(topicArn).policy = PolicyDocument;
        return { ref: logicalId, attributes: { Id: logicalId } };
      },
    },
    publish: (topicArn, message, subject) => publish(topicArn, message, subject),
    recent: () => messages,
    undelivered: () => failed,
  };
}
