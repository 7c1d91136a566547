import type { Clock } from '../../clock';
import { mayUse, type Sender, type SenderPolicy } from '../../iam';
import { ACCOUNT, arn, ownKey, REGION } from '../../names';
import { remember } from '../../newest';
import { every } from '../../schedule';
import type { Metrics, ResourceMaker, Service } from '../../service';

/** What a queue has got. */
export interface Message {
  queueArn: string;
  body: string;
  attributes: Record<string, string>;
}

export interface Sqs extends Service {
  /** @throws Error for a queue that is not there, or whose policy does not let the sender */
  send(message: Message, sender?: Sender): void;
  /** The newest messages of all queues, oldest first, at most 1,000. */
  messages(): readonly Message[];
}

const MINUTE_MS = 60_000;

/**
 * SQS, as far as other services put into its queues what they could not deliver; nobody receives over the wire. How many messages a queue
 * has that has got one is published every minute. Source: Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS".
 */
export function createSqs({ clock, metrics }: { clock: Clock; metrics: Metrics }): Sqs {
  const queues = new Map<string, { policy: SenderPolicy; key?: string; got: number }>();
  const closing = new AbortController();
  let publishing: Promise<void> | undefined;
  const kept: Message[] = [];

  const arnOf = (url: string) => arn('sqs', url.split('/').at(-1) ?? '');

  function queue(queueArn: string) {
    const found = queues.get(queueArn);
    if (!found) throw new Error(`the queue ${queueArn} does not exist`);
    return found;
  }

  function publish(): void {
    for (const [queueArn, { got }] of queues)
      if (got > 0)
        metrics.record({
          namespace: 'AWS/SQS',
          name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: queueArn.split(':').at(-1) ?? '' },
          value: got,
          unit: 'Count',
        });
  }

  const declareQueue: ResourceMaker = ({ QueueName, FifoQueue, KmsMasterKeyId }, { name }) => {
    if (FifoQueue) throw new Error('queues that keep the order are not served locally; use a standard one');
    const queueName = QueueName ?? name;
    const queueArn = arn('sqs', queueName);
    const { policy = { Statement: [] }, got = 0 } = queues.get(queueArn) ?? {};
    queues.set(queueArn, { policy, got, key: ownKey(KmsMasterKeyId) });
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queueName}`;
    return { ref: url, attributes: { Arn: queueArn, QueueName: queueName, QueueUrl: url } };
  };

  const declarePolicy: ResourceMaker = ({ Queues, PolicyDocument }, { logicalId }) => {
    for (const url of Queues) queue(arnOf(url)).policy = PolicyDocument;
    return { ref: logicalId, attributes: { Id: logicalId } };
  };

  return {
    signingName: 'sqs',
    operations: {},
    keyOf: (resource) => queues.get(resource)?.key,
    resources: { 'AWS::SQS::Queue': declareQueue, 'AWS::SQS::QueuePolicy': declarePolicy },
    updates: { 'AWS::SQS::Queue': declareQueue, 'AWS::SQS::QueuePolicy': declarePolicy },
    removals: {
      'AWS::SQS::Queue': (ref) => void queues.delete(arnOf(ref)),
      'AWS::SQS::QueuePolicy': (_, { Queues }) => {
        for (const url of Queues) {
          const left = queues.get(arnOf(url));
          if (left) left.policy = { Statement: [] };
        }
      },
    },
    send(message, sender) {
      const { queueArn } = message;
      const to = queue(queueArn);
      if (sender && !mayUse(sender, 'sqs:SendMessage', queueArn, to.policy))
        throw new Error(`the policy of ${queueArn} does not let ${sender.sourceArn} send messages`);
      remember(kept, message);
      to.got++;
      publish();
      // an account whose queues have got nothing has nothing to publish
      publishing ??= every(clock, MINUTE_MS, closing.signal, publish);
    },
    messages: () => kept,
    async close() {
      closing.abort();
      await publishing;
    },
  };
}
