import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** As long as a queue can keep a message. Source: Amazon SQS Developer Guide, quotas. */
const KEPT = Duration.days(14);

/** What EventBridge could not deliver, and what functions beside the graph could not do, for people to look at. */
export function undeliveredOf(scope: Construct, key?: IKey): Queue {
  return new Queue(scope, 'Undelivered', {
    retentionPeriod: KEPT,
    encryption: key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: key,
    enforceSSL: true,
  });
}
