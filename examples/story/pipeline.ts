import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { migrationTools } from '../../src/migrations';
import { manifestOfFolders, serialise, withContract } from '../../src/migrations/manifest';

interface Image {
  folder: string;
  environment?: { MIGRATIONS?: string; CONTRACT_MIGRATIONS?: string };
}

export interface PipelineOptions {
  /** For the SDK's clients: endpoint, region, credentials. */
  aws: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  /** The image map. */
  images: string;
  /** `s3://bucket/prefix`, where the workflow looks for manifests. */
  location: string;
}

/**
 * What the shop's pipeline does after it has pushed an image: it writes down which migrations the image brings, as
 * `greenlight bundle --s3` does, under the image's digest.
 */
export async function bundleReleases({ aws, images, location }: PipelineOptions): Promise<void> {
  const ecr = new ECRClient(aws);
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const [, Bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const tags = (JSON.parse(readFileSync(images, 'utf8')) as { shop: Record<string, Image> }).shop;
  for (const [imageTag, { folder, environment }] of Object.entries(tags)) {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName: 'shop', imageIds: [{ imageTag }] }),
    );
    const digest = imageDetails?.[0]?.imageDigest?.replace('sha256:', '');
    const root = join(dirname(images), folder);
    const folders = (text = '') => text.split(',').filter(Boolean);
    const manifest = folders(environment?.CONTRACT_MIGRATIONS).reduce(
      (known, contract) => withContract(known, root, join(root, contract), migrationTools.dbmate),
      manifestOfFolders(root, folders(environment?.MIGRATIONS), migrationTools.dbmate),
    );
    await s3.send(
      new PutObjectCommand({ Bucket, Key: `${prefix}/${digest}.json`, Body: serialise(manifest).text }),
    );
  }
}
