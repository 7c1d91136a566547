import type { PutObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import type { Clock } from '../../clock';
import { ownKey, REGION } from '../../names';
import type { Operations, Service } from '../../service';
import { alreadyOwned, invalidBucketName, keyTooLong, notServed, preconditionFailed } from './faults';
import { page } from './listing';
import { createBuckets, toStored } from './objects';
import { described, find } from './reading';

const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const LONGEST_KEY_BYTES = 1024;

/** What of a PutObject would change who may read, lock or delete the object. */
const NOT_KEPT = [
  'ACL',
  'ObjectLockMode',
  'ObjectLockLegalHoldStatus',
  'Tagging',
  'WebsiteRedirectLocation',
] as const;

function check(input: PutObjectCommandInput): void {
  if (Buffer.byteLength(input.Key!) > LONGEST_KEY_BYTES) throw keyTooLong();
  const refused = NOT_KEPT.find((setting) => input[setting] !== undefined);
  if (refused) throw notServed(`${refused} of an object`);
}

/** How a new object is encrypted, as a template says it. */
interface BucketEncryption {
  ServerSideEncryptionConfiguration?: {
    ServerSideEncryptionByDefault?: { SSEAlgorithm: string; KMSMasterKeyID?: string };
  }[];
}
const encryptedBy = (encryption: BucketEncryption | undefined) =>
  encryption?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault;

/** S3 as a store of small objects: in memory, newest version only, strongly consistent as S3 is. */
export function createS3({ clock }: { clock: Clock }): Service {
  const buckets = createBuckets();

  const operations: Operations<S3> = {
    CreateBucket: ({ Bucket }) => {
      if (!BUCKET_NAME.test(Bucket!)) throw invalidBucketName(Bucket!);
      if (buckets.has(Bucket!)) throw alreadyOwned(Bucket!);
      buckets.create(Bucket!);
      return { Location: `http://${Bucket}.s3.amazonaws.com/` };
    },
    PutObject: (input) => {
      const objects = buckets.objects(input.Bucket!);
      check(input);
      const before = objects.get(input.Key!);
      if (input.IfNoneMatch === '*' && before) throw preconditionFailed();
      if (input.IfMatch && input.IfMatch !== before?.etag) throw preconditionFailed();
      const stored = toStored(input, new Date(clock.now()));
      objects.set(stored.key, stored);
      return { ETag: stored.etag, ...stored.checksums };
    },
    GetObject: (input) => {
      const { output, body } = described(find(buckets, input), input);
      return { ...output, Body: body };
    },
    HeadObject: (input) => described(find(buckets, input), input).output,
    // deleting what is not there succeeds
    DeleteObject: ({ Bucket, Key }) => {
      buckets.objects(Bucket!).delete(Key!);
      return {};
    },
    GetBucketEncryption: ({ Bucket }) => {
      buckets.objects(Bucket!);
      const KMSMasterKeyID = buckets.keyOf(Bucket!);
      // Source: Amazon S3 User Guide, "Setting default server-side encryption behavior": S3's own keys where nothing is said
      const byDefault = KMSMasterKeyID
        ? { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID }
        : { SSEAlgorithm: 'AES256' as const };
      return {
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] },
      };
    },
    ListObjectsV2: (input) => ({ Name: input.Bucket, ...page(buckets.objects(input.Bucket!), input) }),
  };

  return {
    signingName: 's3',
    operations,
    keyOf: (resource) => buckets.keyOf(resource.split(':::')[1]?.split('/')[0] ?? ''),
    resources: {
      'AWS::S3::Bucket': ({ BucketName, VersioningConfiguration, BucketEncryption }, { name }) => {
        if (VersioningConfiguration?.Status === 'Enabled')
          throw new Error('versioned buckets are not served locally; the newest object is all that is kept');
        const ref = BucketName ?? name.toLowerCase();
        if (!buckets.has(ref)) buckets.create(ref, ownKey(encryptedBy(BucketEncryption)?.KMSMasterKeyID));
        const domain = `${ref}.s3.amazonaws.com`;
        return {
          ref,
          attributes: {
            Arn: `arn:aws:s3:::${ref}`,
            DomainName: domain,
            RegionalDomainName: `${ref}.s3.${REGION}.amazonaws.com`,
          },
        };
      },
    },
  };
}
