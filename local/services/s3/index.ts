import { isDeepStrictEqual } from 'node:util';
import type { S3 } from '@aws-sdk/client-s3';
import type { Clock } from '../../clock';
import { ownKey, REGION } from '../../names';
import type { Operations, Service } from '../../service';
import { alreadyOwned, bucketNotEmpty, invalidBucketName, preconditionFailed } from './faults';
import { page, versionPage } from './listing';
import { createBuckets, type StoredObject, toStored } from './objects';
import { described, find } from './reading';
import { check } from './rules';
import { createUploads } from './uploads';

const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** How a new object is encrypted, as a template says it. */
interface BucketEncryption {
  ServerSideEncryptionConfiguration?: {
    ServerSideEncryptionByDefault?: { SSEAlgorithm: string; KMSMasterKeyID?: string };
  }[];
}
const encryptedBy = (encryption: BucketEncryption | undefined) =>
  encryption?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault;

export interface S3Service extends Service {
  /** The bytes of an object, for the other services; undefined when it is not there. */
  read(bucket: string, key: string): Buffer | undefined;
}

/** S3 as a store of objects: in memory, strongly consistent as S3 is, with all versions where a bucket keeps them. */
export function createS3({ clock }: { clock: Clock }): S3Service {
  const buckets = createBuckets();
  const now = () => new Date(clock.now());
  const put = (bucket: string, stored: StoredObject) => ({
    ETag: stored.etag,
    VersionId: buckets.find(bucket).put(stored),
  });

  /** Deletes an object, which leaves a mark where versions are kept, or one version for good. */
  function remove(bucketName: string, key: string, id?: string) {
    const bucket = buckets.find(bucketName);
    if (id !== undefined) {
      const removed = bucket.remove(key, id);
      return { VersionId: id, ...(removed && 'isMarker' in removed && { DeleteMarker: true }) };
    }
    const VersionId = bucket.put({ key, modified: now(), isMarker: true });
    return VersionId === undefined ? {} : { VersionId, DeleteMarker: true };
  }

  function removeBucket(name: string): void {
    if (!buckets.find(name).isEmpty) throw bucketNotEmpty(name);
    buckets.delete(name);
  }

  const operations: Operations<S3> = {
    CreateBucket: ({ Bucket }) => {
      if (!BUCKET_NAME.test(Bucket!)) throw invalidBucketName(Bucket!);
      if (buckets.all.has(Bucket!)) throw alreadyOwned(Bucket!);
      buckets.create(Bucket!, false);
      return { Location: `http://${Bucket}.s3.amazonaws.com/` };
    },
    DeleteBucket: ({ Bucket }) => {
      removeBucket(Bucket!);
      return {};
    },
    HeadBucket: ({ Bucket }) => {
      buckets.find(Bucket!);
      return { BucketRegion: REGION };
    },
    ListBuckets: () => ({ Buckets: [...buckets.all.keys()].sort().map((Name) => ({ Name })) }),
    GetBucketLocation: ({ Bucket }) => {
      buckets.find(Bucket!);
      return { LocationConstraint: REGION };
    },
    GetBucketVersioning: ({ Bucket }) => (buckets.find(Bucket!).isVersioned ? { Status: 'Enabled' } : {}),
    PutObject: (input) => {
      const objects = buckets.objects(input.Bucket!);
      check(input);
      const before = objects.get(input.Key!);
      if (input.IfNoneMatch === '*' && before) throw preconditionFailed();
      if (input.IfMatch && input.IfMatch !== before?.etag) throw preconditionFailed();
      const stored = toStored(input, now());
      return { ...put(input.Bucket!, stored), ...stored.checksums };
    },
    GetObject: (input) => {
      const { output, body } = described(find(buckets, input), input);
      return { ...output, VersionId: idOf(input), Body: body };
    },
    HeadObject: (input) => ({
      ...described(find(buckets, input), input).output,
      VersionId: idOf(input),
    }),
    // deleting what is not there succeeds
    DeleteObject: ({ Bucket, Key, VersionId }) => remove(Bucket!, Key!, VersionId),
    DeleteObjects: ({ Bucket, Delete }) => ({
      Deleted: (Delete?.Objects ?? []).map(({ Key, VersionId }) => ({
        Key,
        ...remove(Bucket!, Key!, VersionId),
      })),
    }),
    GetBucketEncryption: ({ Bucket }) => {
      const KMSMasterKeyID = buckets.find(Bucket!).key;
      // Source: Amazon S3 User Guide, "Setting default server-side encryption behavior": S3's own keys where nothing is said
      const byDefault = KMSMasterKeyID
        ? { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID }
        : { SSEAlgorithm: 'AES256' as const };
      return {
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] },
      };
    },
    ListObjectsV2: (input) => ({ Name: input.Bucket, ...page(buckets.objects(input.Bucket!), input) }),
    ListObjectVersions: (input) => ({
      Name: input.Bucket,
      ...versionPage(buckets.find(input.Bucket!), input),
    }),
    ...createUploads(buckets, clock, put),
  };

  const idOf = ({ Bucket, Key, VersionId }: { Bucket?: string; Key?: string; VersionId?: string }) =>
    VersionId ?? buckets.find(Bucket!).newest(Key!);

  const resourceOf = (ref: string) => ({
    ref,
    attributes: {
      Arn: `arn:aws:s3:::${ref}`,
      DomainName: `${ref}.s3.amazonaws.com`,
      RegionalDomainName: `${ref}.s3.${REGION}.amazonaws.com`,
    },
  });

  return {
    signingName: 's3',
    operations,
    read: (bucket, key) => buckets.all.get(bucket)?.objects.get(key)?.body,
    keyOf: (resource) => buckets.all.get(resource.split(':::')[1]?.split('/')[0] ?? '')?.key,
    resources: {
      'AWS::S3::Bucket': ({ BucketName, VersioningConfiguration, BucketEncryption }, { name }) => {
        const ref = BucketName ?? name.toLowerCase();
        const key = ownKey(encryptedBy(BucketEncryption)?.KMSMasterKeyID);
        if (!buckets.all.has(ref)) buckets.create(ref, VersioningConfiguration?.Status === 'Enabled', key);
        return resourceOf(ref);
      },
    },
    updates: {
      'AWS::S3::Bucket': (properties, { ref, before }) => {
        const fixed = ['BucketName', 'VersioningConfiguration', 'BucketEncryption'].find(
          (name) => !isDeepStrictEqual(properties[name], before[name]),
        );
        if (fixed) throw new Error(`a change of ${fixed} of a bucket is not served locally`);
        return resourceOf(ref);
      },
    },
    removals: { 'AWS::S3::Bucket': removeBucket },
  };
}
