import { ANY, type Row, type Rows } from './requirement';

const onObject =
  (action: string): Row =>
  (i) => [{ action: `s3:${action}`, resources: [`arn:aws:s3:::${i.Bucket}/${i.Key}`] }];

/** A version of an object is an action of its own. */
const ofVersion =
  (action: string): Row =>
  (i, lookups) =>
    onObject(i.VersionId === undefined ? action : `${action}Version`)(i, lookups);

const onBucket =
  (action: string): Row =>
  (i) => [
    { action: `s3:${action}`, resources: [`arn:aws:s3:::${i.Bucket}`], context: { 's3:prefix': i.Prefix } },
  ];

/** S3's actions are not named after its operations: HeadObject needs GetObject, ListObjectsV2 needs ListBucket. */
export const s3: Rows = {
  prefix: 's3',
  operations: {
    AbortMultipartUpload: onObject('AbortMultipartUpload'),
    CompleteMultipartUpload: onObject('PutObject'),
    CreateBucket: onBucket('CreateBucket'),
    CreateMultipartUpload: onObject('PutObject'),
    DeleteBucket: onBucket('DeleteBucket'),
    DeleteObject: ofVersion('DeleteObject'),
    DeleteObjects: (i, lookups) =>
      (i.Delete?.Objects ?? []).flatMap(({ Key, VersionId }: { Key: string; VersionId?: string }) =>
        ofVersion('DeleteObject')({ Bucket: i.Bucket, Key, VersionId }, lookups),
      ),
    GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
    GetBucketLocation: onBucket('GetBucketLocation'),
    GetBucketVersioning: onBucket('GetBucketVersioning'),
    GetObject: ofVersion('GetObject'),
    HeadBucket: onBucket('ListBucket'),
    HeadObject: ofVersion('GetObject'),
    ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resources: ANY }],
    ListObjectVersions: onBucket('ListBucketVersions'),
    ListObjectsV2: onBucket('ListBucket'),
    ListParts: onObject('ListMultipartUploadParts'),
    PutObject: onObject('PutObject'),
    UploadPart: onObject('PutObject'),
  },
};
