import { createHash } from 'node:crypto';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { noSuchBucket } from './faults';

/** What describes an object beside its bytes, as it was given and as it is given back. */
const KEPT = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Metadata',
] as const;

const CHECKSUMS = [
  'ChecksumCRC32',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA1',
  'ChecksumSHA256',
] as const;

export interface StoredObject {
  key: string;
  body: Buffer;
  /** In quotation marks, as S3 writes it. */
  etag: string;
  modified: Date;
  kept: Pick<PutObjectCommandInput, (typeof KEPT)[number]>;
  checksums: Pick<PutObjectCommandInput, (typeof CHECKSUMS)[number]>;
}

const pick = <Name extends keyof PutObjectCommandInput>(
  input: PutObjectCommandInput,
  names: readonly Name[],
) => Object.fromEntries(names.map((name) => [name, input[name]])) as Pick<PutObjectCommandInput, Name>;

export function toStored(input: PutObjectCommandInput, modified: Date): StoredObject {
  const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
  return {
    key: input.Key!,
    body,
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    // HTTP dates have no fractions, and a client compares the two
    modified: new Date(Math.floor(modified.getTime() / 1000) * 1000),
    kept: { ...pick(input, KEPT), ContentType: input.ContentType ?? 'binary/octet-stream' },
    checksums: pick(input, CHECKSUMS),
  };
}

/** Buckets in memory, by name. */
export interface Buckets {
  has(name: string): boolean;
  create(name: string, key?: string): void;
  /** The ARN of the account's own key that its objects are encrypted with; undefined without one, and without the bucket. */
  keyOf(name: string): string | undefined;
  /** Objects by key. Throws NoSuchBucket. */
  objects(name: string): Map<string, StoredObject>;
}

export function createBuckets(): Buckets {
  const buckets = new Map<string, { objects: Map<string, StoredObject>; key?: string }>();
  return {
    has: (name) => buckets.has(name),
    create: (name, key) => void buckets.set(name, { objects: new Map(), key }),
    keyOf: (name) => buckets.get(name)?.key,
    objects(name) {
      const bucket = buckets.get(name);
      if (!bucket) throw noSuchBucket(name);
      return bucket.objects;
    },
  };
}
