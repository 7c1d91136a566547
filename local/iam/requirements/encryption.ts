import { REGION } from '../../names';
import type { Lookups, Requirement } from './requirement';

const ITEMS = ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan'];

/**
 * What of a key of the account's own is used for the caller, by the action that touches what it encrypts. Sources: AWS Secrets
 * Manager User Guide, "Secret encryption and decryption"; Amazon S3 User Guide, "Using server-side encryption with AWS KMS
 * keys"; Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest: usage notes"; Amazon SNS Developer Guide, "Key management";
 * Amazon SQS Developer Guide, "Key management"; Amazon RDS User Guide, "AWS KMS key management".
 */
const USES: Readonly<Record<string, readonly string[]>> = {
  'secretsmanager:GetSecretValue': ['Decrypt'],
  'secretsmanager:PutSecretValue': ['GenerateDataKey', 'Decrypt'],
  'secretsmanager:UpdateSecret': ['GenerateDataKey', 'Decrypt'],
  's3:GetObject': ['Decrypt'],
  's3:PutObject': ['GenerateDataKey'],
  ...Object.fromEntries([...ITEMS, 'UpdateItem'].map((name) => [`dynamodb:${name}`, ['Decrypt']])),
  'sns:Publish': ['GenerateDataKey', 'Decrypt'],
  'sqs:SendMessage': ['GenerateDataKey', 'Decrypt'],
  'rds:CreateDBSnapshot': ['CreateGrant', 'DescribeKey'],
  'rds:RestoreDBInstanceFromDBSnapshot': ['CreateGrant', 'DescribeKey'],
};

/** What the caller needs of the keys, each by way of the service that uses it for him. */
export function usesOfKeys({ action, resources }: Requirement, { keyOf }: Lookups): Requirement[] {
  const uses = USES[action] ?? [];
  const keys = uses.length > 0 ? new Set(resources.flatMap((resource) => keyOf(resource) ?? [])) : [];
  const context = { 'kms:ViaService': `${action.split(':')[0]}.${REGION}.amazonaws.com` };
  return [...keys].flatMap((key) => uses.map((use) => ({ action: `kms:${use}`, resources: [key], context })));
}
