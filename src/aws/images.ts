import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import type { ImageReference } from '../domain/request/image-reference';
import type { Port } from '../domain/step/port';

/** Releases in Amazon ECR. A tag can move, so a deployment carries the digest it had when it was asked for. */
export interface Images {
  /** `sha256:…` of a tag or digest in a repository; undefined when there is no such image. */
  digest(repository: string, reference: ImageReference): Promise<string | undefined>;
}

export const images: Port<Images> = {
  grants: [{ sid: 'Images', actions: ['ecr:DescribeImages'], on: ['repositories'] }],
  open() {
    const ecr = new ECRClient({});
    return {
      async digest(repository, reference) {
        try {
          const { imageDetails } = await ecr.send(
            new DescribeImagesCommand({
              repositoryName: repository,
              imageIds: [
                'tag' in reference ? { imageTag: reference.tag } : { imageDigest: reference.digest },
              ],
            }),
          );
          return imageDetails?.[0]?.imageDigest;
        } catch (error) {
          if (['ImageNotFoundException', 'RepositoryNotFoundException'].includes((error as Error).name))
            return undefined;
          throw error;
        }
      },
    };
  },
};
