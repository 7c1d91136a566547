import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  paginateListClusters,
  paginateListServices,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Found, FoundContainer, FoundTask } from '../domain/init/found';
import type { Port } from '../domain/step/port';
import { databaseOf } from './existing-database';
import { trafficOf } from './existing-traffic';

export interface Existing {
  /** The services of one cluster, or of all: each with the name of its cluster. */
  services(cluster: string | undefined): Promise<{ cluster: string; service: string }[]>;
  /** What is known of a service that is there; undefined where it is not. */
  read(cluster: string, service: string): Promise<Found | undefined>;
}

const nameIn = (arn: string) => arn.split('/').at(-1) ?? arn;
const filled = <T>(list: readonly T[] | undefined): T[] | undefined =>
  list && list.length > 0 ? [...list] : undefined;
const byName = (list: readonly { name?: string; value?: string; valueFrom?: string }[] = []) =>
  Object.fromEntries(list.map(({ name = '', value, valueFrom }) => [name, value ?? valueFrom ?? '']));

/** Members of a container that an app is written of, and those that say nothing. */
const KNOWN = new Set([
  ...['name', 'image', 'essential', 'portMappings', 'environment', 'secrets', 'command', 'entryPoint'],
  ...['logConfiguration', 'healthCheck', 'cpu'],
]);
const KNOWN_OF_TASK = new Set([
  ...[
    'taskDefinitionArn',
    'containerDefinitions',
    'family',
    'revision',
    'status',
    'networkMode',
    'cpu',
    'memory',
  ],
  ...['taskRoleArn', 'executionRoleArn', 'requiresAttributes', 'compatibilities', 'requiresCompatibilities'],
  ...['registeredAt', 'registeredBy', 'runtimePlatform'],
]);

/** Members that say something which is not written. */
function othersOf(described: object, known: ReadonlySet<string>): string[] {
  const says = (value: unknown) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== false;
  return Object.entries(described).flatMap(([name, value]) =>
    !known.has(name) && says(value) ? [name] : [],
  );
}

function containerOf(container: ContainerDefinition): FoundContainer {
  const { logConfiguration, healthCheck } = container;
  const options = logConfiguration?.logDriver === 'awslogs' ? logConfiguration.options : undefined;
  const unknown = logConfiguration && !options ? ['logConfiguration'] : [];
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    essential: container.essential ?? true,
    ports: (container.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    environment: byName(container.environment),
    secrets: byName(container.secrets),
    command: filled(container.command),
    entryPoint: filled(container.entryPoint),
    logs: options?.['awslogs-group']
      ? { group: options['awslogs-group'], prefix: options['awslogs-stream-prefix'] ?? container.name ?? '' }
      : undefined,
    health: healthCheck?.command && { ...healthCheck, command: healthCheck.command },
    others: [...othersOf(container, KNOWN), ...unknown],
  };
}

const taskOf = (definition: TaskDefinition): FoundTask => ({
  family: definition.family ?? '',
  cpu: definition.cpu ?? '256',
  memory: definition.memory ?? '512',
  taskRole: definition.taskRoleArn,
  executionRole: definition.executionRoleArn,
  architecture: definition.runtimePlatform?.cpuArchitecture,
  containers: (definition.containerDefinitions ?? []).map(containerOf),
  others: othersOf(definition, KNOWN_OF_TASK),
});

async function scalesOf(cluster: string, service: string): Promise<boolean> {
  const { ScalableTargets = [] } = await new ApplicationAutoScalingClient({}).send(
    new DescribeScalableTargetsCommand({
      ServiceNamespace: 'ecs',
      ResourceIds: [`service/${cluster}/${service}`],
    }),
  );
  return ScalableTargets.length > 0;
}

function foundOf(service: Service, definition: TaskDefinition): Omit<Found, 'scales'> {
  const [, , , region = '', account = ''] = (service.serviceArn ?? '').split(':');
  const network = service.networkConfiguration?.awsvpcConfiguration;
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const grace = service.healthCheckGracePeriodSeconds;
  return {
    account,
    region,
    cluster: nameIn(service.clusterArn ?? ''),
    service: service.serviceName ?? '',
    control: {
      controller: service.deploymentController?.type ?? 'ECS',
      strategy: service.deploymentConfiguration?.strategy,
      launchType: service.capacityProviderStrategy?.length ? undefined : service.launchType,
      providers: service.capacityProviderStrategy?.map(({ capacityProvider = '' }) => capacityProvider),
      platform: service.platformFamily,
      offers: (primary?.serviceConnectConfiguration?.services ?? []).length > 0,
    },
    desired: service.desiredCount ?? 0,
    subnets: network?.subnets ?? [],
    securityGroups: network?.securityGroups ?? [],
    publicIp: network?.assignPublicIp === 'ENABLED',
    graceSeconds: grace ? grace : undefined,
    task: taskOf(definition),
    targets: (service.loadBalancers ?? []).flatMap(({ containerName, containerPort, targetGroupArn }) =>
      targetGroupArn
        ? [{ container: containerName ?? '', port: containerPort ?? 0, group: targetGroupArn }]
        : [],
    ),
  };
}

/** What `init` reads of an account. No function has it: who types the verb reads by their own rights. */
export const existing: Port<Existing> = {
  grants: [
    {
      sid: 'ReadExisting',
      actions: [
        'application-autoscaling:DescribeScalableTargets',
        'ecs:DescribeServices',
        'ecs:DescribeTaskDefinition',
        'ecs:ListClusters',
        'ecs:ListServices',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetGroups',
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstances',
        'secretsmanager:GetSecretValue',
      ],
      on: '*',
    },
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async services(cluster) {
        const clusters: string[] = cluster === undefined ? [] : [cluster];
        if (cluster === undefined)
          for await (const { clusterArns = [] } of paginateListClusters({ client: ecs }, {}))
            clusters.push(...clusterArns);
        const all: { cluster: string; service: string }[] = [];
        for (const one of clusters)
          for await (const { serviceArns = [] } of paginateListServices({ client: ecs }, { cluster: one }))
            all.push(...serviceArns.map((arn) => ({ cluster: nameIn(one), service: nameIn(arn) })));
        return all;
      },
      async read(cluster, service) {
        const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
        const found = services?.find(({ status }) => status === 'ACTIVE');
        if (!found) return undefined;
        const { taskDefinition } = await ecs.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: found.taskDefinition }),
        );
        const read = foundOf(found, taskDefinition ?? {});
        const [target] = read.targets;
        const [traffic, database, scales] = await Promise.all([
          target ? trafficOf(target.group) : {},
          databaseOf(read.task),
          scalesOf(read.cluster, read.service),
        ]);
        return { ...read, ...traffic, database, scales };
      },
    };
  },
};
