import { GetBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import type { Port } from '../domain/step/port';
import { objectAt } from './manifests';

export interface BucketExaminer {
  /** The key that new objects of the bucket at `s3://bucket/prefix` are encrypted with; undefined for one that Amazon S3 manages. */
  keyOf(location: string): Promise<string | undefined>;
}

export const bucketExaminer: Port<BucketExaminer> = {
  grants: [{ sid: 'ExamineBucket', actions: ['s3:GetEncryptionConfiguration'], on: ['manifestBuckets'] }],
  open() {
    const s3 = new S3Client({ forcePathStyle: true });
    return {
      async keyOf(location) {
        const { Bucket } = objectAt(location);
        const { ServerSideEncryptionConfiguration: how } = await s3.send(
          new GetBucketEncryptionCommand({ Bucket }),
        );
        return how?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
      },
    };
  },
};
