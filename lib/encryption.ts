import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Allowed } from './role';

/** Lets the services use the key that encrypt with it by themselves; the policy of an imported key has to say so already. */
export function letServicesUse(scope: Construct, key: IKey): void {
  const { partition, region, account } = Stack.of(scope);
  key.addToResourcePolicy(
    // Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS"
    new PolicyStatement({
      sid: 'Logs',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
        },
      },
    }),
  );
  key.addToResourcePolicy(
    // Source: Amazon EventBridge User Guide, "Using dead-letter queues to process undelivered events"
    new PolicyStatement({
      sid: 'UndeliveredEvents',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  );
}

/** What a function needs of the key to reach the table, the topic and the queue, and nothing else by it. */
export const usingKey = (scope: Construct, key: IKey): Allowed => ({
  statement: new PolicyStatement({
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
    resources: [key.keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': ['dynamodb', 'sns', 'sqs'].map(
          (service) => `${service}.${Stack.of(scope).region}.amazonaws.com`,
        ),
      },
    },
  }),
});
