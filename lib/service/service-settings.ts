import type { IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { ServiceSettings } from '../../src/domain/settings/environments';
import { fullNameOf } from './arns';
import { containerOf } from './containers';
import type { ServiceParts } from './deployed-service';
import { taskDefinitionOf, workerSettings } from './deployed-worker';
import type {
  DatabaseProps,
  EvidenceProps,
  PerSlot,
  ServiceProps,
  ServiceSlot,
  SmokeTest,
  StreamsProps,
} from './service-props';

/** What the constructs of a service have made of their props. */
interface Made extends Pick<ServiceSettings, 'traffic' | 'maintenance'> {
  /** Slot a, and slot b behind a load balancer. */
  slots: ServiceSlot[];
  /** Of its tasks. */
  securityGroups: ISecurityGroup[];
  streams?: StreamsProps;
}

/** Where `greenlight bundle --s3` puts the manifests of a service. */
export const manifestsLocation = ({ serviceName, migrations }: ServiceProps): string =>
  `s3://${migrations.manifests.bucketName}/${migrations.manifestsPrefix ?? serviceName}`;

/** Props that the settings have in other words, or not at all. */
const FACTS = [
  ...(['serviceName', 'environment', 'cluster', 'taskDefinition', 'containerName', 'repository'] as const),
  ...(['desiredCount', 'vpcSubnets', 'securityGroups', 'assignPublicIp', 'options'] as const),
  ...(['database', 'migrations', 'workers', 'smokeTests', 'evidence'] as const),
];

const without = <Whole extends object, Key extends keyof Whole>(whole: Whole, keys: readonly Key[]) =>
  Object.fromEntries(Object.entries(whole).filter(([key]) => !keys.includes(key as Key))) as Omit<Whole, Key>;

/** Each fact of the props in the words of the settings. */
export function settingsOf(service: Construct, props: ServiceProps, made: Made): ServiceSettings {
  const { path } = service.node;
  const {
    cluster,
    taskDefinition,
    repository,
    database,
    workers = [],
    smokeTests = [],
    evidence = {},
  } = props;
  const { slots, traffic, maintenance, streams } = made;
  return {
    // how it is deployed, and what is misspelt
    ...without(props, FACTS),
    service: props.serviceName,
    environment: props.environment,
    cluster: cluster.clusterArn,
    taskDefinition: taskDefinition.family,
    container: containerOf(path, taskDefinition, props.containerName).containerName,
    repository: repository.repositoryUri,
    slots: Object.fromEntries(slots.map(slotSettings)) as ServiceSettings['slots'],
    traffic,
    maintenance,
    database: {
      ...without(database, ['storageKey', 'instanceRoles']),
      instance: database.instance?.instanceIdentifier,
      cluster: database.cluster?.clusterIdentifier,
      secret: secretOf(`${path}.database`, database).secretArn,
      readSecret:
        database.readSecret && complete(`${path}.database.readSecret`, database.readSecret).secretArn,
      otherSecrets: database.otherSecrets?.map(
        (secret, index) => complete(`${path}.database.otherSecrets.${index}`, secret).secretArn,
      ),
    },
    migrations: migrationSettings(`${path}.migrations`, props, made),
    workers: workers.flatMap((worker, index) => workerSettings(`${path}.workers.${index}`, worker)),
    smokeTests: smokeTests.map((test, index) => testSettings(`${path}.smokeTests.${index}.task`, test)),
    evidence: evidenceSettings(`${path}.evidence`, evidence, slots),
    streams: streams && {
      ...streams,
      open: streams.open && withSeries(`${path}.streams.open`, streams.open, slots),
    },
  };
}

/** The constructs that the settings speak of. */
export function partsOf(
  service: Construct,
  props: ServiceProps,
  slots: ServiceSlot[],
  tests: IConnectable[] = [],
): ServiceParts {
  const { cluster, taskDefinition, repository, database, migrations, workers = [], smokeTests = [] } = props;
  const { path } = service.node;
  const moved = workers.map((worker, index) => taskDefinitionOf(`${path}.workers.${index}`, worker));
  const tested = smokeTests.flatMap((test) => ('task' in test ? [test.task.taskDefinition] : []));
  const migrating = migrations.taskDefinition ?? taskDefinition;
  return {
    cluster,
    slots,
    workers,
    taskDefinitions: [...new Set([taskDefinition, migrating, ...moved, ...tested])],
    repository,
    manifests: migrations.manifests,
    databaseRoles: database.instanceRoles ?? [],
    secrets: [
      secretOf(`${path}.database`, database),
      ...(database.readSecret ? [database.readSecret] : []),
      ...(database.otherSecrets ?? []),
    ],
    storageKey: database.storageKey,
    database: serverOf(database),
    tests,
  };
}

const slotSettings = ({ slot, serviceName, targetGroup }: ServiceSlot) => [
  slot,
  {
    service: serviceName,
    targetGroup: targetGroup?.targetGroupArn,
    targetGroupFullName: targetGroup && fullNameOf(targetGroup),
  },
];

/** What was looked for already: one of the two. */
const serverOf = ({ instance, cluster }: DatabaseProps) => (instance ?? cluster)!;

/** @throws Error where there is none, and for one of which only the name is known */
function secretOf(path: string, { secret, ...database }: DatabaseProps): ISecret {
  const own = secret ?? (serverOf(database) as { secret?: ISecret }).secret;
  if (own) return complete(`${path}.secret`, own);
  throw new Error(
    `${path}.secret: expected the secret of the database, received nothing, and what is imported or has no generated password brings none`,
  );
}

function complete(path: string, secret: ISecret): ISecret {
  if (secret.secretFullArn !== undefined) return secret;
  throw new Error(
    `${path}: expected a secret with its complete ARN, received one by its name, which no role can be told of; import it by Secret.fromSecretCompleteArn`,
  );
}

function migrationSettings(
  path: string,
  props: ServiceProps,
  { securityGroups }: Made,
): ServiceSettings['migrations'] {
  const { cluster, migrations, taskDefinition, vpcSubnets } = props;
  const { taskDefinition: migrating = taskDefinition, containerName } = migrations;
  return {
    ...without(migrations, ['manifestsPrefix', 'containerName', 'vpcSubnets']),
    manifests: manifestsLocation(props),
    taskDefinition: migrating.family,
    container: containerOf(path, migrating, containerName).containerName,
    subnets: cluster.vpc.selectSubnets(migrations.vpcSubnets ?? vpcSubnets).subnetIds,
    securityGroups: (migrations.securityGroups ?? securityGroups).map((group) => group.securityGroupId),
  };
}

function testSettings(path: string, test: SmokeTest): ServiceSettings['smokeTests'][number] {
  if ('lambda' in test) return { lambda: test.lambda.functionArn };
  if (!('task' in test)) return test;
  const { taskDefinition, containerName, ...task } = test.task;
  const container = containerOf(path, taskDefinition, containerName);
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } =
    container.logDriverConfig?.options ?? {};
  const log = group && prefix ? { log: { group, prefix } } : {};
  return {
    task: { taskDefinition: taskDefinition.family, container: container.containerName, ...log, ...task },
  };
}

const evidenceSettings = (path: string, { alarms, metrics }: EvidenceProps, slots: ServiceSlot[]) => ({
  alarms: alarms?.map(({ alarmName }) => alarmName),
  metrics: metrics?.map((metric, index) => withSeries(`${path}.metrics.${index}`, metric, slots)),
});

/** What tells the series of each slot. */
type Series = { a: Record<string, string>; b?: Record<string, string> };

function withSeries<Metric extends object>(path: string, metric: PerSlot<Metric>, slots: ServiceSlot[]) {
  if (typeof metric.dimensions !== 'function')
    throw new Error(
      `${path}.dimensions: expected a function that is asked for those of each slot, such as ({ slot }) => ({ Slot: slot }), received ${typeof metric.dimensions}`,
    );
  const dimensions = slots.map((slot) => [slot.slot, metric.dimensions(slot)]);
  return { ...metric, dimensions: Object.fromEntries(dimensions) as Series };
}
