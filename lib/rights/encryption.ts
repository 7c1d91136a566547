import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Grant, Grants } from '../../src/domain/step/port';
import type { Allowed } from './role';

/** Lets the services use the key that encrypt with it by themselves; the policy of an imported key has to say so already. */
export function letServicesUse(scope: Construct, key: IKey): void {
  const { partition, region, account } = Stack.of(scope);
  key.addToResourcePolicy(
    // Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS"
    new PolicyStatement({
      sid: 'Logs',
      principals: [new ServicePrincipal(`logs.${viaService(scope)}`)],
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
    // Source: Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted topics"
    new PolicyStatement({
      sid: 'Alarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
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

/** What follows a service's name in `kms:ViaService`, in every partition. Source: AWS KMS Developer Guide, "kms:ViaService". */
function viaService(scope: Construct): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `${region}.${urlSuffix}`;
}

/** What a function, or who types a verb, needs of the key to reach the table, the topic and the queue, and nothing else by it. */
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
        'kms:ViaService': ['dynamodb', 'sns', 'sqs'].map((service) => `${service}.${viaService(scope)}`),
      },
    },
  }),
});

/** Keys of the team's own that encrypt what functions read and write of the services, by their ARNs. */
export type ServiceKeys = Record<'secrets' | 'manifests' | 'databases', string[]>;
/** And those of what deployments leave. */
export type KeysOf = ServiceKeys & Record<'reports', string[]>;

/**
 * What an action needs of the key of what it is done to.
 * Source: AWS Secrets Manager User Guide, "Secret encryption and decryption"; Amazon S3 User Guide, "Using server-side encryption with
 * AWS KMS keys"; Amazon RDS User Guide, "AWS KMS key management", where RDS acts for whoever makes a resource that the key encrypts.
 */
const NEEDS: { action: string; of: keyof KeysOf; needs: string[] }[] = [
  { action: 'secretsmanager:GetSecretValue', of: 'secrets', needs: ['kms:Decrypt'] },
  { action: 'secretsmanager:PutSecretValue', of: 'secrets', needs: ['kms:GenerateDataKey'] },
  { action: 's3:GetObject', of: 'manifests', needs: ['kms:Decrypt'] },
  { action: 's3:PutObject', of: 'manifests', needs: ['kms:GenerateDataKey'] },
  { action: 's3:GetObject', of: 'reports', needs: ['kms:Decrypt'] },
  { action: 's3:PutObject', of: 'reports', needs: ['kms:GenerateDataKey'] },
  ...[
    'CreateDBSnapshot',
    'RestoreDBInstanceFromDBSnapshot',
    'CreateDBClusterSnapshot',
    'RestoreDBClusterFromSnapshot',
  ].map((name) => ({
    action: `rds:${name}`,
    of: 'databases' as const,
    needs: ['kms:CreateGrant', 'kms:DescribeKey'],
  })),
];
const VIA: Record<keyof KeysOf, string> = {
  secrets: 'secretsmanager',
  manifests: 's3',
  databases: 'rds',
  reports: 's3',
};

const SIDS: Record<keyof KeysOf, string> = {
  secrets: 'KeysOfSecrets',
  manifests: 'KeysOfManifests',
  databases: 'KeysOfDatabases',
  reports: 'KeysOfReports',
};

const grantsOf = (ports: Readonly<Record<string, Grants>>): Grant[] =>
  Object.values(ports).flatMap(({ grants }) => grants);

/** Does any of these read or write what the workflow keeps in its table? */
export const usesTable = (ports: Readonly<Record<string, Grants>>) =>
  grantsOf(ports).some(({ actions }) => actions.some((action) => action.startsWith('dynamodb:')));

/** A manifest and a report are objects both, and need not have the same key. */
const isAbout = ({ on }: Grant, part: keyof KeysOf) =>
  (on !== '*' && on.includes('reports')) === (part === 'reports');

/** What somebody who may do what these allow needs of such keys, and nothing else by them. */
export function usingKeysOf(
  scope: Construct,
  ports: Readonly<Record<string, Grants>>,
  keys: KeysOf,
): Allowed[] {
  return (Object.keys(VIA) as (keyof KeysOf)[]).flatMap((part) => {
    const own = grantsOf(ports).filter((grant) => isAbout(grant, part));
    const does = new Set(own.flatMap(({ actions }) => actions));
    const actions = NEEDS.flatMap(({ action, of, needs }) => (of === part && does.has(action) ? needs : []));
    if (actions.length === 0 || keys[part].length === 0) return [];
    const via = `${VIA[part]}.${viaService(scope)}`;
    return [
      {
        statement: new PolicyStatement({
          sid: SIDS[part],
          actions,
          resources: keys[part],
          conditions: { StringEquals: { 'kms:ViaService': via } },
        }),
      },
    ];
  });
}
