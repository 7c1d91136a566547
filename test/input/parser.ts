import { join } from 'node:path';
import { recoverDeployment } from '../../lambdas/prepare/recover-deployment';
import { validateRequest } from '../../lambdas/prepare/validate-request';
import { readConfiguration } from '../../lib/service/configuration';
import { deploymentSchema } from '../../src/domain/deployment/deployment';
import type { ImageReference } from '../../src/domain/request/image-reference';
import { settingsIn } from '../../src/domain/settings/environments';
import { type Settings, settingsSchema } from '../../src/domain/settings/settings';
import type { Known } from './fields';

/** What came of a request: a message when it was rejected; problems are what should not have happened on the way. */
export interface Answer {
  rejected: string | undefined;
  /** By the service itself, before there was an execution. */
  refused?: boolean;
  /** It names nobody's service, so no workflow began with it and there is nobody to say why. */
  unheard?: boolean;
  problems: string[];
}

const execution = {
  id: 'arn:aws:states:eu-west-1:000000000000:execution:Shop-Greenlight:release-7',
  name: 'release-7',
};
const DIGEST = `sha256:${'1b'.repeat(32)}`;

/** Ports that know one service and its images, and notice what no port should ever be asked. */
function portsOf(settings: Settings, { tags }: Known, problems: string[]) {
  const expect = (value: string, expected: RegExp) => {
    if (!expected.test(value)) problems.push(`a port was asked for ${JSON.stringify(value.slice(0, 100))}`);
  };
  return {
    settingsStore: {
      async read(service: string) {
        expect(service, /^[a-zA-Z0-9-]{1,63}$/);
        return service === settings.service ? JSON.stringify(settings) : undefined;
      },
    },
    images: {
      async digest(repository: string, reference: ImageReference) {
        expect(repository, /^shop$/);
        expect(
          'tag' in reference ? reference.tag : reference.digest,
          /^[\w.-]{1,128}$|^sha256:[0-9a-f]{64}$/,
        );
        return 'tag' in reference && tags.includes(reference.tag) ? DIGEST : undefined;
      },
    },
    attestationReader: { read: async () => false },
    // nobody waits for a window
    claims: { claimed: async () => undefined },
    journalReader: {
      async rows(deployment: string) {
        expect(deployment, /^\S{1,80}$/);
        return [];
      },
    },
  };
}

const isResume = (value: unknown) =>
  [value].flat(10).some((one) => typeof one === 'object' && one !== null && Object.hasOwn(one, 'resume'));

/** The first step that a request meets, in this process, with ports that only answer. Throws what the step throws. */
export async function askParser(text: string, settings: Settings, known: Known): Promise<Answer> {
  const problems: string[] = [];
  const ports = portsOf(settings, known, problems);
  const request = JSON.parse(text);
  const moment = {
    deploymentId: execution.name,
    execution: execution.id,
    now: new Date('2026-11-21T12:00:00Z'),
  };
  if (isResume(request)) {
    const { entry, cause } = await recoverDeployment.run({ resume: request, ...moment }, ports as never);
    return { rejected: entry === 'refused' ? cause : undefined, problems };
  }
  const { valid, deployment, cause } = await validateRequest.run(
    { request, event: null, ...moment },
    ports as never,
  );
  if (!valid) return { rejected: cause, problems };
  const again = deploymentSchema.safeParse(JSON.parse(JSON.stringify(deployment)));
  if (!again.success) problems.push(`the deployment cannot be read back: ${again.error.message}`);
  return { rejected: undefined, problems };
}

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:000000000000:${resource}`;
const group = (name: string) => ({
  targetGroup: arn('elasticloadbalancing', `targetgroup/${name}/1`),
  targetGroupFullName: `targetgroup/${name}/1`,
});

/** Settings as a stack like the example's writes them, with plain names for what the stack would name. */
export const exampleSettings = (): Settings =>
  settingsSchema.parse(
    settingsIn(
      {
        service: 'shop',
        environment: 'example',
        cluster: arn('ecs', 'cluster/shop'),
        taskDefinition: 'shop',
        container: 'shop',
        repository: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop',
        slots: {
          a: { service: 'shop-a', ...group('a') },
          b: { service: 'shop-b', ...group('b') },
        },
        traffic: {
          loadBalancer: arn('elasticloadbalancing', 'loadbalancer/app/1'),
          loadBalancerFullName: 'app/1',
          productionRule: arn('elasticloadbalancing', 'listener-rule/app/1'),
          testListener: arn('elasticloadbalancing', 'listener/app/2'),
          testRule: arn('elasticloadbalancing', 'listener-rule/app/2'),
        },
        database: { instance: 'shop-db', secret: arn('secretsmanager', 'secret:db') },
        migrations: {
          tool: 'dbmate',
          manifests: 's3://shop-manifests/shop',
          opaque: 'refuse',
          taskDefinition: 'shop-migration',
          container: 'shop',
          command: ['node', 'migrate.mjs', 'up'],
          contractCommand: ['node', 'migrate.mjs', 'contract'],
          revertCommand: ['node', 'migrate.mjs', 'revert'],
          subnets: ['subnet-1'],
          securityGroups: ['sg-1'],
        },
        maintenance: { ...group('page'), closeSeconds: 300 },
        smokeTests: [{ path: '/version', status: 200 }, { lambda: arn('lambda', 'function:check') }],
        evidence: { alarms: ['shop-prices'] },
      },
      readConfiguration(join(__dirname, '..', '..', 'greenlight.json')),
    ),
  );

/** What a request may speak of where these settings hold. */
export const knownOf = ({ service, environment, repository, migrations }: Settings): Known => ({
  service,
  environment,
  repository,
  manifests: migrations.manifests,
  tags: ['v1', 'v2'],
});
