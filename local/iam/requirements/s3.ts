import type { Row, Rows } from './requirement';

const onObject =
  (action: string): Row =>
  (i) => [{ action: `s3:${action}`, resources: [`arn:aws:s3:::${i.Bucket}/${i.Key}`] }];

const onBucket =
  (action: string): Row =>
  (i) => [
    { action: `s3:${action}`, resources: [`arn:aws:s3:::${i.Bucket}`], context: { 's3:prefix': i.Prefix } },
  ];

/** S3's actions are not named after its operations: HeadObject needs GetObject, ListObjectsV2 needs ListBucket. */
export const s3: Rows = {
  prefix: 's3',
  operations: {
    CreateBucket: onBucket('CreateBucket'),
    DeleteObject: onObject('DeleteObject'),
    GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
    GetObject: onObject('GetObject'),
    HeadObject: onObject('GetObject'),
    ListObjectsV2: onBucket('ListBucket'),
    PutObject: onObject('PutObject'),
  },
};
