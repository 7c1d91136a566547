import { randomUUID } from 'node:crypto';
import type { SNS } from '@aws-sdk/client-sns';
import type { Clock } from '../../clock';
import { mayUse, type Sender, type SenderPolicy } from '../../iam';
import { ACCOUNT, arn, ownKey } from '../../names';
import { remember } from '../../newest';
import type { EventFunctions, Operations, Service } from '../../service';
import { deliver } from './delivery';
import { invalid, noTopic } from './faults';
import type { Message } from './message';
import { type Publication, publicationOf } from './publication';
import { alreadySubscribed, type Subscription, subscriptionOf } from './subscriptions';

export type { Message } from './message';

export interface Undelivered {
  subscriptionArn: string;
  messageId: string;
  reason: string;
}
export interface Sns extends Service {
  /**
   * Publishes without waiting for subscribers. Returns the message id.
   * @throws NotFoundException for an unknown topic; Error for one whose policy does not let the sender
   */
  publish(topicArn: string, message: string, subject?: string, sender?: Sender): string;
  /** The newest messages of all topics, oldest first, at most 1,000. */
  recent(): readonly Message[];
  /** Deliveries that failed, oldest first, at most 1,000. */
  undelivered(): readonly Undelivered[];
}

/** Source: Amazon SNS API Reference, ListSubscriptionsByTopic. */
const MOST_LISTED = 100;

/** What CreateTopic may say of a topic; of these only the display name means something here. */
const TOPIC_ATTRIBUTES = new Set([
  ...['DisplayName', 'Policy', 'DeliveryPolicy', 'SignatureVersion', 'TracingConfig', 'KmsMasterKeyId'],
  ...['FifoTopic', 'ContentBasedDeduplication', 'ArchivePolicy', 'FifoThroughputScope'],
]);

function checkArn(topicArn: string): void {
  const { length } = topicArn.split(':');
  if (length < 6) throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${length}`);
}

/** Standard topics with subscribers of Lambda and loopback HTTP; each delivery is tried once, subscriptions need no confirmation. */
export function createSns({ clock, functions }: { clock: Clock; functions: EventFunctions }): Sns {
  const topics = new Map<
    string,
    { arn: string; name: string; displayName: string; key?: string; policy?: SenderPolicy }
  >();
  const subscriptions = new Map<string, Subscription>();
  const messages: Message[] = [];
  const failed: Undelivered[] = [];

  function topic(topicArn: string) {
    checkArn(topicArn);
    const found = topics.get(topicArn);
    if (!found) throw noTopic();
    return found;
  }

  function createTopic(name: string, attributes: Readonly<Record<string, string>> = {}): string {
    for (const attribute of Object.keys(attributes))
      if (!TOPIC_ATTRIBUTES.has(attribute))
        throw invalid(`Attributes Reason: Unknown attribute ${attribute}`);
    if (name.endsWith('.fifo') || attributes.FifoTopic === 'true')
      throw invalid('FIFO topics are not served locally');
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid('Topic Name');
    const topicArn = arn('sns', name);
    if (!topics.has(topicArn))
      topics.set(topicArn, {
        ...{ arn: topicArn, name, displayName: attributes.DisplayName ?? '' },
        key: ownKey(attributes.KmsMasterKeyId),
      });
    return topicArn;
  }

  function subscribe(
    wanted: Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint'>,
    attributes: Readonly<Record<string, string>> = {},
  ): string {
    topic(wanted.topicArn);
    const read = subscriptionOf(wanted, attributes);
    const known = alreadySubscribed(subscriptions.values(), read);
    if (known) return known.arn;
    const subscription: Subscription = { ...read, arn: `${wanted.topicArn}:${randomUUID()}` };
    subscriptions.set(subscription.arn, subscription);
    return subscription.arn;
  }

  function publish(topicArn: string, publication: Publication): string {
    topic(topicArn);
    const published: Message = {
      ...publication,
      messageId: randomUUID(),
      topicArn,
      timestamp: new Date(clock.now()),
    };
    remember(messages, published);
    for (const subscription of subscriptions.values())
      if (subscription.topicArn === topicArn && subscription.wants(published))
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
    CreateTopic: ({ Name, Attributes }) => ({ TopicArn: createTopic(Name!, Attributes) }),
    ListTopics: () => ({ Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })) }),
    GetTopicAttributes: ({ TopicArn }) => {
      const { displayName } = topic(TopicArn!);
      return { Attributes: { TopicArn: TopicArn!, Owner: ACCOUNT, DisplayName: displayName } };
    },
    Subscribe: ({ TopicArn, Protocol, Endpoint = '', Attributes }) => ({
      SubscriptionArn: subscribe(
        { topicArn: TopicArn!, protocol: Protocol!, endpoint: Endpoint },
        Attributes,
      ),
    }),
    Unsubscribe: ({ SubscriptionArn }) => {
      const { length } = SubscriptionArn!.split(':');
      if (length < 6)
        throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${length}`);
      subscriptions.delete(SubscriptionArn!);
      return {};
    },
    ListSubscriptions: () => ({ Subscriptions: [...subscriptions.values()].map(shown) }),
    ListSubscriptionsByTopic: ({ TopicArn, NextToken = '0' }) => {
      const { arn: wanted } = topic(TopicArn!);
      const start = Number(NextToken);
      if (!Number.isInteger(start) || start < 0) throw invalid('NextToken');
      const all = [...subscriptions.values()].filter(({ topicArn }) => topicArn === wanted);
      const end = start + MOST_LISTED;
      return {
        Subscriptions: all.slice(start, end).map(shown),
        NextToken: end < all.length ? String(end) : undefined,
      };
    },
    Publish: ({ TopicArn, TargetArn, PhoneNumber, ...request }) => {
      const target = TopicArn ?? TargetArn;
      if (!target || PhoneNumber) {
        throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
      }
      const publication = publicationOf(request);
      return { MessageId: publish(target, publication) };
    },
  };

  return {
    signingName: 'sns',
    operations,
    keyOf: (resource) => topics.get(resource)?.key,
    resources: {
      'AWS::SNS::Topic': (properties, { name }) => {
        const topicName = properties.TopicName ?? name;
        const { DisplayName, KmsMasterKeyId } = properties;
        const topicArn = createTopic(topicName, {
          ...(DisplayName && { DisplayName }),
          ...(KmsMasterKeyId && { KmsMasterKeyId }),
        });
        for (const { Protocol, Endpoint } of properties.Subscription ?? [])
          subscribe({ topicArn, protocol: Protocol, endpoint: Endpoint });
        return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: topicName } };
      },
      'AWS::SNS::Subscription': ({ TopicArn, Protocol, Endpoint, ...properties }) => {
        const subscriptionArn = subscribe(
          { topicArn: TopicArn, protocol: Protocol, endpoint: Endpoint },
          attributesOf(properties),
        );
        return { ref: subscriptionArn, attributes: { Arn: subscriptionArn } };
      },
      'AWS::SNS::TopicPolicy': ({ Topics, PolicyDocument }, { logicalId }) => {
        for (const topicArn of Topics) topic(topicArn).policy = PolicyDocument;
        return { ref: logicalId, attributes: { Id: logicalId } };
      },
    },
    removals: {
      'AWS::SNS::Subscription': (ref) => void subscriptions.delete(ref),
      'AWS::SNS::TopicPolicy': (_, { Topics }) => {
        for (const topicArn of Topics) topic(topicArn).policy = undefined;
      },
      'AWS::SNS::Topic': (ref) => {
        for (const { arn: subscription, topicArn } of [...subscriptions.values()])
          if (topicArn === ref) subscriptions.delete(subscription);
        topics.delete(ref);
      },
    },
    publish(topicArn, message, subject, sender) {
      // without a policy of its own a topic takes what comes from its account
      const { policy } = topic(topicArn);
      if (sender && policy && !mayUse(sender, 'sns:Publish', topicArn, policy))
        throw new Error(
          `Resource: ${sender.sourceArn} is not authorized to perform: SNS:Publish on resource: ${topicArn}`,
        );
      return publish(topicArn, publicationOf({ Message: message, Subject: subject }));
    },
    recent: () => messages,
    undelivered: () => failed,
  };
}

/** A template's properties as Subscribe takes them: as texts, and only those that say something. */
function attributesOf(properties: Record<string, unknown>): Record<string, string> {
  const { Region: _, ...others } = properties;
  return Object.fromEntries(
    Object.entries(others)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}
