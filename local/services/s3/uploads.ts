import { createHash, randomBytes } from 'node:crypto';
import type { CreateMultipartUploadCommandInput, S3 } from '@aws-sdk/client-s3';
import type { Clock } from '../../clock';
import type { Operations } from '../../service';
import { invalidPart, noSuchUpload, partTooSmall } from './faults';
import { type Buckets, etagOf, type StoredObject, toStored } from './objects';
import { check } from './rules';

/** Of every part but the last. Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

interface Upload {
  input: CreateMultipartUploadCommandInput;
  parts: Map<number, Buffer>;
}

/** Uploads in parts, which become an object when they are completed. */
export function createUploads(
  buckets: Buckets,
  clock: Clock,
  put: (bucket: string, stored: StoredObject) => { ETag: string; VersionId?: string },
): Operations<S3> {
  const uploads = new Map<string, Upload>();

  function find({ Bucket, Key, UploadId }: { Bucket?: string; Key?: string; UploadId?: string }): Upload {
    buckets.find(Bucket!);
    const upload = uploads.get(UploadId!);
    if (upload?.input.Bucket === Bucket && upload?.input.Key === Key) return upload!;
    throw noSuchUpload();
  }

  return {
    CreateMultipartUpload(input) {
      buckets.find(input.Bucket!);
      check(input);
      const UploadId = randomBytes(32).toString('base64url');
      uploads.set(UploadId, { input, parts: new Map() });
      return { Bucket: input.Bucket, Key: input.Key, UploadId };
    },
    UploadPart(input) {
      const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
      find(input).parts.set(input.PartNumber!, body);
      const { ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 } = input;
      const checksums = { ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 };
      return { ETag: etagOf(body), ...checksums };
    },
    CompleteMultipartUpload(input) {
      const { input: begun, parts } = find(input);
      const named = input.MultipartUpload?.Parts ?? [];
      const bodies = named.map(({ PartNumber, ETag }) => {
        const body = parts.get(PartNumber!);
        if (!body || etagOf(body).replaceAll('"', '') !== ETag?.replaceAll('"', '')) throw invalidPart();
        return body;
      });
      if (bodies.length === 0) throw invalidPart();
      if (bodies.slice(0, -1).some((body) => body.length < SMALLEST_PART_BYTES)) throw partTooSmall();
      uploads.delete(input.UploadId!);
      const digests = bodies.map((body) => createHash('md5').update(body).digest());
      const etag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${bodies.length}"`;
      const { ChecksumAlgorithm: _, ...rest } = begun;
      const stored = toStored({ ...rest, Body: Buffer.concat(bodies) }, new Date(clock.now()), etag);
      const { Bucket = '', Key } = begun;
      return { Bucket, Key, Location: `https://${Bucket}.s3.amazonaws.com/${Key}`, ...put(Bucket, stored) };
    },
    AbortMultipartUpload(input) {
      find(input);
      uploads.delete(input.UploadId!);
      return {};
    },
    ListParts(input) {
      const { parts } = find(input);
      const { Bucket, Key, UploadId } = input;
      const Parts = [...parts].sort(([a], [b]) => a - b);
      return {
        ...{ Bucket, Key, UploadId, IsTruncated: false },
        Parts: Parts.map(([PartNumber, body]) => ({ PartNumber, ETag: etagOf(body), Size: body.length })),
      };
    },
  };
}
