import { imageParts, repositoryName } from '../request/image-reference';
import type { FoundContainer } from './found';
import type { Gaps } from './gaps';
import { call, type Lines, seconds } from './lines';
import { type Code, written } from './source';

/** A variable of that name is a secret, and a source file is no place for one. */
const SECRET = /pass(word|wd|phrase)?|secret|token|credential|private|api_?key|access_?key/i;

const ECR = /^(\d{12})\.dkr\.ecr\.([^.]+)\.amazonaws\.com(?:\.cn)?\//;

export const roleOf = (lines: Lines, arn: string, name: string): Code =>
  // its policies stay as they are: the tasks of today have what they need
  lines.named(
    name,
    arn,
    (own) => `iam.Role.fromRoleArn(this, ${own}, ${JSON.stringify(arn)}, { mutable: false })`,
  );

/** Source: AWS General Reference, "Amazon Resource Names (ARNs)". */
const partitionOf = (region: string) =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

export function repositoryOf(lines: Lines, image: string, open: Gaps, account: string): Code {
  const { name } = imageParts(image);
  const [, owner, region = ''] = ECR.exec(image) ?? [];
  if (owner === undefined)
    return open.other(
      'repository',
      `a repository of Amazon ECR: ${image} is of another registry, and releases are images of Amazon ECR`,
    );
  const repository = repositoryName(name);
  return lines.named('repository', `repository ${repository}`, (own) =>
    owner === account
      ? `ecr.Repository.fromRepositoryName(this, ${own}, ${JSON.stringify(repository)})`
      : `ecr.Repository.fromRepositoryAttributes(this, ${own}, ${written({
          repositoryArn: `arn:${partitionOf(region)}:ecr:${region}:${owner}:repository/${repository}`,
          repositoryName: repository,
        })})`,
  );
}

function imageOf(lines: Lines, image: string, open: Gaps, account: string): Code {
  if (!ECR.test(image)) return call('ecs.ContainerImage.fromRegistry', image);
  const { reference } = imageParts(image);
  const repository = repositoryOf(lines, image, open, account);
  return call(
    'ecs.ContainerImage.fromEcrRepository',
    repository,
    'digest' in reference ? reference.digest : reference.tag,
  );
}

/** `arn:…:secret:name-AbCdEf:key:stage:version`, an ARN of a parameter, or a parameter's name. Source: Amazon ECS API Reference, Secret. */
function secretOf(lines: Lines, from: string): Code {
  const parts = from.split(':');
  if (parts[2] === 'secretsmanager') {
    const arn = parts.slice(0, 7).join(':');
    const [key] = parts.slice(7);
    const secret = lines.named(
      'secret',
      arn,
      (own) => `secretsmanager.Secret.fromSecretCompleteArn(this, ${own}, ${JSON.stringify(arn)})`,
    );
    return call('ecs.Secret.fromSecretsManager', secret, ...(key ? [key] : []));
  }
  const name =
    parts.length > 1
      ? `/${parts
          .slice(5)
          .join(':')
          .replace(/^parameter\/?/, '')}`
      : from;
  const parameter = lines.named(
    'parameter',
    from,
    (own) =>
      `ssm.StringParameter.fromSecureStringParameterAttributes(this, ${own}, ${written({ parameterName: name })})`,
  );
  return call('ecs.Secret.fromSsmParameter', parameter);
}

export function containerOf(lines: Lines, container: FoundContainer, open: Gaps, account: string): object {
  const { name, health, logs } = container;
  const environment = Object.fromEntries(
    Object.entries(container.environment).map(([key, value]) => [
      key,
      SECRET.test(key)
        ? open.text(
            `container ${name}, variable ${key}`,
            `${key} is a secret by its name: keep it in AWS Secrets Manager, and give it as one of secrets`,
          )
        : value,
    ]),
  );
  const secrets = Object.fromEntries(
    Object.entries(container.secrets).map(([key, from]) => [key, secretOf(lines, from)]),
  );
  return {
    image: imageOf(lines, container.image, open, account),
    ...(container.essential ? {} : { essential: false }),
    command: container.command,
    entryPoint: container.entryPoint,
    ...(Object.keys(environment).length > 0 ? { environment } : {}),
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
    ...(container.ports.length > 0
      ? { portMappings: container.ports.map((containerPort) => ({ containerPort })) }
      : {}),
    healthCheck: health && {
      command: health.command,
      interval: seconds(health.interval),
      timeout: seconds(health.timeout),
      retries: health.retries,
      startPeriod: seconds(health.startPeriod),
    },
    logging:
      logs &&
      call('ecs.LogDrivers.awsLogs', {
        streamPrefix: logs.prefix,
        logGroup: lines.named(
          'logs',
          logs.group,
          (own) => `logs.LogGroup.fromLogGroupName(this, ${own}, ${JSON.stringify(logs.group)})`,
        ),
      }),
  };
}
