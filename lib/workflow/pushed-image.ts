import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import { requestSchema } from '../../src/domain/request/request';
import { problemsOf } from '../../src/domain/text/schema-problems';
import type { DeployedService } from '../service/deployed-service';
import type { Delivery } from './triggers';

/** Which images start deployments as soon as they are pushed. */
export interface PushedImage {
  /** Of the workflow; its repository is listened to. */
  service: DeployedService;
  /**
   * Tags of a release, each in full or with `*` for any characters: `release-*`. An image for several platforms is pushed in parts
   * without a tag, which start nothing.
   */
  tags: string[];
  /** What the requests say besides service and image. @default a reason that names the tag, and `Amazon ECR` as who wants it */
  request?: Omit<z.input<typeof requestSchema>, 'service' | 'image' | 'reason'> & { reason?: string };
}

/** Tags are patterns of their own. Source: Amazon EventBridge User Guide, "Wildcard matching". */
const tagPattern = (tag: string) => (tag.includes('*') ? { wildcard: tag } : tag);

/**
 * By the image's digest: a tag may have moved by the time that the deployment looks. An event that is delivered twice starts one, and
 * so do several tags of one image that come together.
 * Source: Amazon ECR User Guide, "Amazon ECR events and EventBridge", event for a completed image push.
 * @throws Error for another workflow's service, no tag, and a request that would be refused
 */
export function startFromPush(
  scope: Construct,
  id: string,
  { service, tags, request = {} }: PushedImage,
  {
    services,
    machine,
    ...delivery
  }: { services: readonly DeployedService[]; machine: IStateMachine } & Delivery,
): Rule {
  const { service: name } = service.settings;
  if (!services.includes(service))
    throw new Error(
      `expected a service of the workflow (${services.map(({ settings }) => settings.service).join(', ')}), received ${name}`,
    );
  if (tags.length === 0)
    throw new Error(`tags of ${name}: expected one or more, such as release-*, received none`);
  const tag = EventField.fromPath('$.detail.image-tag');
  const common = { requestedBy: 'Amazon ECR', reason: `image ${tag} was pushed`, ...request, service: name };
  const tried = {
    ...common,
    image: `${name}:${tags[0]}`.replaceAll('*', '1'),
    reason: request.reason ?? 'pushed',
  };
  const { error } = requestSchema.safeParse(tried);
  if (error) throw new Error(problemsOf(error, tried, 'request').join('\n'));
  const { repositoryName } = service.parts.repository;
  return new Rule(scope, id, {
    description: `Starts a deployment of ${name} when an image is pushed`,
    eventPattern: {
      source: ['aws.ecr'],
      detailType: ['ECR Image Action'],
      detail: {
        'action-type': ['PUSH'],
        result: ['SUCCESS'],
        'repository-name': [repositoryName],
        'image-tag': tags.map(tagPattern),
      },
    },
    targets: [
      new SfnStateMachine(machine, {
        input: RuleTargetInput.fromObject({
          event: { id: EventField.eventId, pushedAt: EventField.time },
          request: { ...common, image: `${repositoryName}@${EventField.fromPath('$.detail.image-digest')}` },
        }),
        ...delivery,
      }),
    ],
  });
}
