import { isDeepStrictEqual } from 'node:util';
import { invalid } from './faults';
import { filterOf, type Scope, type Wants } from './filter-policy';

/** What a subscription may have beside its endpoint. */
export interface SubscriptionAttributes {
  FilterPolicy?: string;
  FilterPolicyScope?: string;
  RawMessageDelivery?: string;
}

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  attributes: SubscriptionAttributes;
  wants: Wants;
  /** The message itself is posted, not what SNS says around it. */
  isRaw: boolean;
}

const SERVED: readonly string[] = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery'];
/** What SNS has beside those: retries and queues for what could not be delivered. */
const NOT_SERVED: readonly string[] = [
  'DeliveryPolicy',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
];

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Refuses what could not be delivered: an endpoint that is not on this machine, or a protocol without local
 * meaning. E-mail is accepted: on AWS too nothing is sent to an address that has not confirmed.
 */
function checkEndpoint(protocol: string, endpoint: string): void {
  if (protocol === 'lambda') {
    if (!/^arn:[^:]+:lambda:[^:]+:\d+:function:.+$/.test(endpoint)) throw invalid('Lambda endpoint ARN');
  } else if (protocol.startsWith('email')) {
    if (!/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Email address');
  } else if (protocol === 'http' || protocol === 'https') {
    if (!endpoint.startsWith(`${protocol}://`)) throw invalid('Endpoint must match the specified protocol');
    if (!URL.canParse(endpoint) || !LOOPBACK.has(new URL(endpoint).hostname))
      throw invalid(`Endpoint ${endpoint} is not on this machine; locally SNS posts to 127.0.0.1 only`);
  } else throw invalid(`protocol ${protocol} is not served locally`);
}

const PROTOCOLS = new Set(['lambda', 'email', 'email-json', 'http', 'https']);

/** Reads a request to subscribe; throws InvalidParameterException for one that SNS refuses or that is not served. */
export function subscriptionOf(
  { topicArn, protocol, endpoint }: Pick<Subscription, 'topicArn' | 'protocol' | 'endpoint'>,
  attributes: Readonly<Record<string, string>>,
): Omit<Subscription, 'arn'> {
  if (!PROTOCOLS.has(protocol)) throw invalid(`protocol ${protocol} is not served locally`);
  checkEndpoint(protocol, endpoint);
  for (const name of Object.keys(attributes)) {
    if (NOT_SERVED.includes(name)) throw invalid(`AttributeName Reason: ${name} is not served locally`);
    if (!SERVED.includes(name)) throw invalid('AttributeName');
  }
  const { FilterPolicy, FilterPolicyScope, RawMessageDelivery = 'false' } = attributes;
  if (!/^(true|false)$/i.test(RawMessageDelivery)) {
    throw invalid(
      `Attributes Reason: RawMessageDelivery: Invalid value [${RawMessageDelivery}]. Must be true or false.`,
    );
  }
  const isRaw = RawMessageDelivery.toLowerCase() === 'true';
  if (isRaw && !protocol.startsWith('http')) {
    throw invalid(
      `Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`,
    );
  }
  const wants = filterOf(FilterPolicy ?? '{}', FilterPolicyScope as Scope | undefined);
  return { topicArn, protocol, endpoint, attributes, wants, isRaw };
}

/** The same endpoint is subscribed once; throws when it is there with other attributes. */
export function alreadySubscribed(
  subscriptions: Iterable<Subscription>,
  wanted: Omit<Subscription, 'arn'>,
): Subscription | undefined {
  for (const known of subscriptions) {
    const isSame = (['topicArn', 'protocol', 'endpoint'] as const).every(
      (field) => known[field] === wanted[field],
    );
    if (!isSame) continue;
    if (isDeepStrictEqual(known.attributes, wanted.attributes)) return known;
    throw invalid('Attributes Reason: Subscription already exists with different attributes');
  }
  return undefined;
}
