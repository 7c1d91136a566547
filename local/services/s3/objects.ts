import { createHash, randomBytes } from 'node:crypto';
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

/** In quotation marks, as S3 writes it. */
export const etagOf = (body: Uint8Array) => `"${createHash('md5').update(body).digest('hex')}"`;

/** `etag` where it is not that of the body. */
export function toStored(input: PutObjectCommandInput, modified: Date, etag?: string): StoredObject {
  const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
  return {
    key: input.Key!,
    body,
    etag: etag ?? etagOf(body),
    // HTTP dates have no fractions, and a client compares the two
    modified: new Date(Math.floor(modified.getTime() / 1000) * 1000),
    kept: { ...pick(input, KEPT), ContentType: input.ContentType ?? 'binary/octet-stream' },
    checksums: pick(input, CHECKSUMS),
  };
}

/** An object as it once was, or that it was deleted then. */
export type Version = StoredObject | { key: string; modified: Date; isMarker: true };

/** A version of an object that had been there before its bucket kept versions. */
const UNVERSIONED = 'null';

/** A bucket, with the versions of its objects where it keeps them. */
export class Bucket {
  /** The newest version of each object that is not deleted, by key. */
  readonly objects = new Map<string, StoredObject>();
  private readonly history = new Map<string, Map<string, Version>>();

  constructor(
    readonly isVersioned: boolean,
    /** The ARN of the account's own key that its objects are encrypted with; undefined without one. */
    readonly key?: string,
  ) {}

  /** Puts an object, or the mark that it is deleted, in the place of what is there; its version where versions are kept. */
  put(version: Version): string | undefined {
    const { key } = version;
    if ('isMarker' in version) this.objects.delete(key);
    else this.objects.set(key, version);
    if (!this.isVersioned) return undefined;
    const id = randomBytes(16).toString('base64url');
    const versions = this.history.get(key) ?? new Map<string, Version>();
    this.history.set(key, versions.set(id, version));
    return id;
  }

  version(key: string, id: string): Version | undefined {
    return this.isVersioned || id !== UNVERSIONED ? this.history.get(key)?.get(id) : this.objects.get(key);
  }

  /** The id of an object's newest version; undefined where none are kept. */
  newest(key: string): string | undefined {
    return [...(this.history.get(key)?.keys() ?? [])].at(-1);
  }

  /** Takes one version away for good; the one before it is then the newest. */
  remove(key: string, id: string): Version | undefined {
    const removed = this.version(key, id);
    if (!this.isVersioned) this.objects.delete(key);
    const versions = this.history.get(key);
    if (!removed || !versions?.delete(id)) return removed;
    const newest = [...versions.values()].at(-1);
    if (!newest) this.history.delete(key);
    if (newest && !('isMarker' in newest)) this.objects.set(key, newest);
    else this.objects.delete(key);
    return removed;
  }

  /** All versions, the newest of each object first. */
  versions(): { id: string; isLatest: boolean; version: Version }[] {
    if (!this.isVersioned)
      return [...this.objects.values()].map((version) => ({ id: UNVERSIONED, isLatest: true, version }));
    return [...this.history.values()].flatMap((versions) =>
      [...versions].reverse().map(([id, version], index) => ({ id, isLatest: index === 0, version })),
    );
  }

  get isEmpty(): boolean {
    return this.objects.size + this.history.size === 0;
  }
}

/** Buckets in memory, by name. */
export interface Buckets {
  readonly all: ReadonlyMap<string, Bucket>;
  create(name: string, isVersioned: boolean, key?: string): void;
  delete(name: string): void;
  /** Throws NoSuchBucket. */
  find(name: string): Bucket;
  /** Throws NoSuchBucket. */
  objects(name: string): Map<string, StoredObject>;
}

export function createBuckets(): Buckets {
  const buckets = new Map<string, Bucket>();
  const find = (name: string) => {
    const bucket = buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  };
  return {
    all: buckets,
    create: (name, isVersioned, key) => void buckets.set(name, new Bucket(isVersioned, key)),
    delete: (name) => void buckets.delete(name),
    find,
    objects: (name) => find(name).objects,
  };
}
