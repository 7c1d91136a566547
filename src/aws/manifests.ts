import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { manifestSchema } from '../domain/migrations/manifest';
import type { Manifest } from '../domain/migrations/types';
import type { Grants, Port } from '../domain/step/port';

/** The manifests of releases in S3: what `greenlight bundle` writes and a deployment reads. */
export interface Manifests {
  /** The text at `s3://bucket/key` and its `sha256:…`; undefined when there is nothing. */
  read(location: string): Promise<{ text: string; digest: string } | undefined>;
}

/** @throws Error for anything but `s3://bucket/key` */
export function objectAt(location: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  if (!Bucket || !Key) throw new Error(`expected s3://bucket/key, received ${JSON.stringify(location)}`);
  return { Bucket, Key };
}

export const manifests: Port<Manifests> = {
  grants: [
    { sid: 'ReadManifests', actions: ['s3:GetObject'], on: ['manifests'] },
    { sid: 'FindManifests', actions: ['s3:ListBucket'], on: ['manifestBuckets'] },
  ],
  open() {
    // a bucket's name in the host needs DNS of its own; the path works everywhere
    const s3 = new S3Client({ forcePathStyle: true });
    return {
      async read(location) {
        const { Bucket, Key } = objectAt(location);
        // to who may not list, S3 says of a missing object that reading it is forbidden: so it is looked for first
        const { Contents = [] } = await s3.send(
          new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }),
        );
        if (Contents[0]?.Key !== Key) return undefined;
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const text = (await Body?.transformToString()) ?? '';
        return { text, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
      },
    };
  },
};

/** The manifest at `s3://bucket/key`; undefined when there is none, or it is something else. */
export async function readManifest(store: Manifests, location: string): Promise<Manifest | undefined> {
  const stored = await store.read(location);
  return stored && manifestSchema.safeParse(JSON.parse(stored.text)).data;
}

/** What `putManifest` writes. */
export const manifestWriter: Grants = {
  grants: [{ sid: 'PutManifests', actions: ['s3:PutObject'], on: ['releaseManifests'] }],
};

/**
 * Puts a manifest where a deployment will look for it. The same text again changes nothing.
 * @throws Error for anything but `s3://bucket/key`, and for a bucket that is not there
 */
export async function putManifest(location: string, text: string): Promise<void> {
  const { Bucket, Key } = objectAt(location);
  const s3 = new S3Client({ forcePathStyle: true });
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: text, ContentType: 'application/json' }));
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error;
    throw new Error(
      `cannot upload to ${location}: there is no bucket ${Bucket}; create it, or name one that is there`,
    );
  }
}
