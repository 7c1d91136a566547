import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../rights/acknowledge';

/** Where deployments leave their reports, for those who may read it: nobody outside of the account can be let in. */
export function reportsOf(
  scope: Construct,
  { key, retention = Duration.days(365) }: { key?: IKey; retention?: Duration },
): Bucket {
  const bucket = new Bucket(scope, 'Reports', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey: key,
    // one call of AWS KMS for many reports
    bucketKeyEnabled: key !== undefined,
    enforceSSL: true,
    lifecycleRules: [{ expiration: retention }],
    // what was done outlives the stack, as the journal does
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(
    bucket,
    'S1',
    'an access log needs a bucket of its own; what is here can be made again of the journal, and nobody outside may read it',
  );
  return bucket;
}
