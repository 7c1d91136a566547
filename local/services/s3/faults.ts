import { BucketAlreadyOwnedByYou, NoSuchBucket, NoSuchKey } from '@aws-sdk/client-s3';

const $metadata = {};

/** What S3 answers although its model does not list it. */
function unmodelled(name: string, status: number, message: string, named: object = {}): Error {
  const fault = { name, $fault: 'client', $metadata: { httpStatusCode: status } };
  return Object.assign(new Error(message), fault, named);
}

export const noSuchBucket = (BucketName: string) =>
  Object.assign(new NoSuchBucket({ message: 'The specified bucket does not exist', $metadata }), {
    BucketName,
  });

export const noSuchKey = (Key: string) =>
  Object.assign(new NoSuchKey({ message: 'The specified key does not exist.', $metadata }), { Key });

export const alreadyOwned = (BucketName: string) =>
  Object.assign(
    new BucketAlreadyOwnedByYou({
      message: 'Your previous request to create the named bucket succeeded and you already own it.',
      $metadata,
    }),
    { BucketName },
  );

export const invalidBucketName = (BucketName: string) =>
  unmodelled('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName });

export const preconditionFailed = () =>
  unmodelled('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');

export const notModified = () => unmodelled('NotModified', 304, 'Not Modified');

export const invalidRange = () => unmodelled('InvalidRange', 416, 'The requested range is not satisfiable');

export const keyTooLong = () => unmodelled('KeyTooLongError', 400, 'Your key is too long');

/** A setting that would change what is kept, and is not kept here. */
export const notServed = (setting: string) =>
  unmodelled('NotImplemented', 501, `${setting} is not served by the local cloud`);
