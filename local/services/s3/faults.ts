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

export const noSuchVersion = (Key: string) =>
  unmodelled('NoSuchVersion', 404, 'The specified version does not exist.', { Key });

export const isDeleted = () =>
  unmodelled('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.');

export const noSuchUpload = () =>
  unmodelled(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );

export const invalidPart = () =>
  unmodelled(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  );

export const partTooSmall = () =>
  unmodelled('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');

export const bucketNotEmpty = (BucketName: string) =>
  unmodelled('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty', { BucketName });

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
