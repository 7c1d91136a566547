import {
  type ECR,
  type ImageIdentifier,
  ImageNotFoundException,
  InvalidParameterException,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr';
import type { Clock } from '../../clock';
import { ACCOUNT, arn, REGION } from '../../names';
import type { Operations, ResourceMaker, Service } from '../../service';
import type { Image, Images } from './images';

export { type Image, type ImageMap, type Images, loadImages, parseImage } from './images';

const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

/** `000000000000.dkr.ecr.eu-west-1.amazonaws.com/<name>`. */
export const repositoryUri = (name: string) => `${REGISTRY}/${name}`;

const repositoryArn = (name: string) => arn('ecr', `repository/${name}`);

const matches = (image: Image, { imageTag, imageDigest }: ImageIdentifier) =>
  (imageTag === undefined || image.tag === imageTag) &&
  (imageDigest === undefined || image.digest === imageDigest);

/** Tags that name the same content are one image. */
function byDigest(images: readonly Image[]): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const { digest, tag } of images) tags.set(digest, [...(tags.get(digest) ?? []), tag]);
  return tags;
}

/**
 * The registry of the image map. Repositories come from the map and from the template; images come from the map
 * alone: nothing can be pushed.
 */
export function createEcr({ images, clock }: { images: Images; clock?: Clock }): Service {
  const created = new Set<string>(images.repositories.keys());
  const now = () => new Date(clock?.now() ?? Date.now());
  const since = now();

  const imagesOf = (repositoryName: string | undefined): readonly Image[] => {
    if (!created.has(repositoryName ?? '')) {
      throw new RepositoryNotFoundException({
        message: `The repository with name '${repositoryName}' does not exist in the registry with id '${ACCOUNT}'`,
        $metadata: {},
      });
    }
    return images.repositories.get(repositoryName!) ?? [];
  };

  const describe = (name: string) => ({
    repositoryArn: repositoryArn(name),
    registryId: ACCOUNT,
    repositoryName: name,
    repositoryUri: repositoryUri(name),
    createdAt: since,
    imageTagMutability: 'IMMUTABLE' as const,
  });

  const operations: Operations<ECR> = {
    DescribeRepositories: ({ repositoryNames }) => {
      for (const name of repositoryNames ?? []) imagesOf(name);
      return { repositories: (repositoryNames ?? [...created].sort()).map(describe) };
    },

    DescribeImages: ({ repositoryName, imageIds }) => {
      const all = imagesOf(repositoryName);
      for (const id of imageIds ?? []) {
        if (id.imageTag === undefined && id.imageDigest === undefined) {
          throw new InvalidParameterException({
            message:
              "Invalid parameter at 'imageIds' failed to satisfy constraint: 'Image tag or digest must be given'",
            $metadata: {},
          });
        }
        if (!all.some((image) => matches(image, id))) {
          throw new ImageNotFoundException({
            message: `The image with imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'} does not exist within the repository with name '${repositoryName}' in the registry with id '${ACCOUNT}'`,
            $metadata: {},
          });
        }
      }
      const wanted = new Set(
        all.filter((image) => imageIds?.some((id) => matches(image, id)) ?? true).map(({ digest }) => digest),
      );
      return {
        imageDetails: [...byDigest(all)]
          .filter(([digest]) => wanted.has(digest))
          .map(([imageDigest, imageTags]) => ({
            registryId: ACCOUNT,
            repositoryName,
            imageDigest,
            imageTags,
            imagePushedAt: since,
            imageSizeInBytes: 0,
          })),
      };
    },
  };

  const repository: ResourceMaker = ({ RepositoryName }, { name }) => {
    const repositoryName = RepositoryName ?? name.toLowerCase();
    created.add(repositoryName);
    return {
      ref: repositoryName,
      attributes: { Arn: repositoryArn(repositoryName), RepositoryUri: repositoryUri(repositoryName) },
    };
  };

  return {
    signingName: 'ecr',
    operations,
    resources: { 'AWS::ECR::Repository': repository },
    updates: { 'AWS::ECR::Repository': repository },
    removals: { 'AWS::ECR::Repository': (ref) => void created.delete(ref) },
  };
}
