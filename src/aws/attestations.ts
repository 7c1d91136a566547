import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Port } from '../domain/step/port';
import { objectAt } from './manifests';

/** That an image has succeeded in an environment, kept beside the manifests, which the environments share. */
export interface Attestation {
  deployment: string;
  environment: string;
  image: string;
  at: string;
}
export interface AttestationReader {
  exists(location: string): Promise<boolean>;
}
export interface AttestationWriter {
  write(location: string, attestation: Attestation): Promise<void>;
}

const client = () => new S3Client({ forcePathStyle: true });

export const attestationReader: Port<AttestationReader> = {
  grants: [{ sid: 'FindAttestations', actions: ['s3:ListBucket'], on: ['manifestBuckets'] }],
  open() {
    const s3 = client();
    return {
      async exists(location) {
        const { Bucket, Key } = objectAt(location);
        const { Contents = [] } = await s3.send(
          new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }),
        );
        return Contents[0]?.Key === Key;
      },
    };
  },
};

export const attestationWriter: Port<AttestationWriter> = {
  grants: [{ sid: 'WriteAttestations', actions: ['s3:PutObject'], on: ['attestations'] }],
  open() {
    const s3 = client();
    return {
      async write(location, attestation) {
        await s3.send(
          new PutObjectCommand({
            ...objectAt(location),
            Body: JSON.stringify(attestation),
            ContentType: 'application/json',
          }),
        );
      },
    };
  },
};
