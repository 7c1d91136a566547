import { decide, type Statement } from '../../iam';
import { ACCOUNT, arn, ownKey, REGION } from '../../names';
import { remember } from '../../newest';
import type { ResourceMaker, Service } from '../../service';

/** What a queue has got. */
export interface Message {
  queueArn: string;
  body: string;
  attributes: Record<string, string>;
}

/** A service of AWS that sends on behalf of one of its resources; a queue's policy has to let it. */
export interface Sender {
  /** As a principal of a policy: `events.amazonaws.com`. */
  service: string;
  sourceArn: string;
}

export interface Sqs extends Service {
  /** @throws Error for a queue that is not there, or whose policy does not let the sender */
  send(message: Message, sender?: Sender): void;
  /** The newest messages of all queues, oldest first, at most 1,000. */
  messages(): readonly Message[];
}

interface PolicyDocument {
  Statement: (Statement & { Principal?: '*' | { Service?: string; AWS?: string } })[];
}

/** Whether a statement speaks of this service. */
const isAbout =
  (service: string) =>
  ({ Principal }: PolicyDocument['Statement'][number]) =>
    Principal === '*' || Principal?.AWS === '*' || Principal?.Service === service;

/** SQS, as far as other services put into its queues what they could not deliver; nobody receives over the wire. */
export function createSqs(): Sqs {
  const queues = new Map<string, { statements: PolicyDocument['Statement']; key?: string }>();
  const kept: Message[] = [];

  const arnOf = (url: string) => arn('sqs', url.split('/').at(-1) ?? '');

  function queue(queueArn: string) {
    const found = queues.get(queueArn);
    if (!found) throw new Error(`the queue ${queueArn} does not exist`);
    return found;
  }

  const declareQueue: ResourceMaker = ({ QueueName, FifoQueue, KmsMasterKeyId }, { name }) => {
    if (FifoQueue) throw new Error('queues that keep the order are not served locally; use a standard one');
    const queueName = QueueName ?? name;
    const queueArn = arn('sqs', queueName);
    const { statements = [] } = queues.get(queueArn) ?? {};
    queues.set(queueArn, { statements, key: ownKey(KmsMasterKeyId) });
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queueName}`;
    return { ref: url, attributes: { Arn: queueArn, QueueName: queueName, QueueUrl: url } };
  };

  const declarePolicy: ResourceMaker = ({ Queues, PolicyDocument }, { logicalId }) => {
    for (const url of Queues) queue(arnOf(url)).statements = (PolicyDocument as PolicyDocument).Statement;
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
          if (left) left.statements = [];
        }
      },
    },
    send(message, sender) {
      const { queueArn } = message;
      const { statements } = queue(queueArn);
      if (sender) {
        const context = { 'aws:SourceArn': sender.sourceArn, 'aws:SecureTransport': 'true' };
        const own = statements.filter(isAbout(sender.service));
        if (decide(own, 'sqs:SendMessage', [queueArn], context) !== 'allow')
          throw new Error(`the policy of ${queueArn} does not let ${sender.sourceArn} send messages`);
      }
      remember(kept, message);
    },
    messages: () => kept,
  };
}
