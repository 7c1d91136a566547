import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { memberNames, restoredNames, snapshotNames } from '../../src/domain/deployment/names';
import { trialFamily } from '../../src/domain/deployment/task-definition';
import { databaseIn, type RdsDatabase } from '../../src/domain/settings/database';
import { readerOf, secretsIn } from '../../src/domain/settings/roles';
import { rulesIn } from '../../src/domain/settings/rules';
import type { Scope } from '../../src/domain/step/port';
import type { DeployedService, ServiceParts } from '../service/deployed-service';
import { isRule, isSchedule } from '../service/deployed-worker';
import type { ServiceKeys } from './encryption';

/** What there is of the workflow itself. */
export interface Own {
  table: string;
  topic: string;
  settingsPrefix: string;
  machineName: string;
  /** Where the reports are, an ARN without what follows. */
  reports: string;
}

/** Why a part of the scope is a pattern and no list. A pattern without a reason fails `npm test`. */
export const reasons: Partial<Record<keyof Scope, string>> = {
  settings: 'the whole prefix, so that an unknown service is not found rather than forbidden',
  settingsPath: 'the settings of all services are read at once',
  executions: 'an execution is named when it is started',
  tasks: 'Amazon ECS names a task when it is started; those of the cluster alone',
  scalableTargets:
    'the name of a scalable target says nothing of its service; by condition those of Amazon ECS alone, and of services that the role may update',
  taskDefinitions: 'a release is a new revision of the family',
  trialDefinitions: 'a trial is a new revision of its family',
  taskLogs: 'a log stream is named after its task',
  databases: 'a restored instance is named after the deployment that a rollback took back',
  restored: 'a restored instance is named after the deployment that a rollback took back',
  databaseGroups: 'a restored instance is put into the groups of the one that serves, whichever these are',
  snapshots: 'a snapshot is named after its deployment and the instance; those of the instance alone',
  databaseClusters: 'a restored cluster is named after the deployment that a rollback took back',
  restoredClusters: 'a restored cluster is named after the deployment that a rollback took back',
  restoredMembers: 'an instance of a restored cluster is named after that and a number',
  clusterMembers:
    'the instances of a cluster have names of their own, and readers come and go; they are only looked at',
  clusterGroups: 'a restored cluster is put into the groups of the one that serves, whichever these are',
  memberGroups: 'its instances are put into the groups of those that serve, whichever these are',
  clusterSnapshots: 'a snapshot is named after its deployment and the cluster; those of the cluster alone',
  manifests: 'an object is named after the digest of its image',
  releaseManifests:
    'an object is named after the digest of its image, 64 digits; its notes of where it succeeded have longer names',
  attestations: 'an object is named after the digest of its image',
  reports: 'an object is named after its deployment',
};

/**
 * Keys of the team's own, by which the services' secrets, manifests and databases are encrypted.
 * @throws Error for a key that is known by an alias alone: no role can be allowed to use it by that
 */
export function keysOf(services: readonly Pick<DeployedService, 'settings' | 'parts'>[]): ServiceKeys {
  const all = (pick: (parts: ServiceParts) => (IKey | undefined)[]) => [
    ...new Set(
      services.flatMap(({ settings, parts }) =>
        pick(parts).flatMap((key) => (key ? [arnOf(settings.service, key)] : [])),
      ),
    ),
  ];
  return {
    secrets: all(({ secrets }) => secrets.map(({ encryptionKey }) => encryptionKey)),
    manifests: all(({ manifests }) => [manifests.encryptionKey]),
    databases: all(({ storageKey }) => [storageKey]),
  };
}

/** @throws Error for a key that is known by an alias alone */
export function arnOf(service: string, { keyArn }: IKey): string {
  if (keyArn.includes(':alias/'))
    throw new Error(
      `${service} has a key that is known by its alias, ${keyArn}: expected one by its own ARN; import it with Key.fromKeyArn, since IAM knows no key by its alias`,
    );
  return keyArn;
}

/** A pattern for 64 characters. Source: AWS IAM User Guide, "Using wildcards in resource ARNs". */
const ANY_DIGEST = '?'.repeat(64);

/** The ARNs that deployments of these services may touch. */
export function reachOf(scope: Construct, services: readonly DeployedService[], own: Own): Scope {
  const { partition, region, account } = Stack.of(scope);
  const here = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const all = (pick: (service: DeployedService) => string[]) => [...new Set(services.flatMap(pick))];
  const { settingsPrefix, machineName } = own;
  const rds = (kind: RdsDatabase['kind'], pick: (name: string, database: RdsDatabase) => string[]) =>
    all(({ settings }) => {
      const database = databaseIn(settings);
      return database.kind === kind ? pick(database.name, database).map((one) => here('rds', one)) : [];
    });
  const groups = (...types: string[]) => types.map((type) => `${type}:*`);
  return {
    table: [own.table],
    topic: [own.topic],
    bus: [EventBus.fromEventBusName(scope, 'DefaultBus', 'default').eventBusArn],
    settings: [here('ssm', `parameter${settingsPrefix}/*`)],
    whereabouts: [here('ssm', `parameter${settingsPrefix}`)],
    settingsPath: [here('ssm', `parameter${settingsPrefix}`), here('ssm', `parameter${settingsPrefix}/*`)],
    stateMachine: [here('states', `stateMachine:${machineName}`)],
    executions: [here('states', `execution:${machineName}:*`)],
    repositories: all(({ parts: { repository } }) => [repository.repositoryArn]),
    clusters: all(({ parts: { cluster } }) => [cluster.clusterArn]),
    services: all(({ parts: { slots } }) => slots.map(({ serviceArn }) => serviceArn)),
    pureWorkers: all(({ settings: { traffic }, parts: { slots } }) =>
      traffic ? [] : slots.map(({ serviceArn }) => serviceArn),
    ),
    workerServices: all(({ parts: { workers } }) =>
      workers.flatMap((worker) => ('service' in worker ? [worker.service.serviceArn] : [])),
    ),
    workerRules: all(({ parts: { workers } }) => workers.filter(isRule).map(({ rule }) => rule.ruleArn)),
    ruleRoles: all(({ parts: { workers } }) => workers.filter(isRule).map(({ role }) => role.roleArn)),
    workerSchedules: all(({ parts: { workers } }) =>
      workers.filter(isSchedule).map(({ schedule }) => schedule.scheduleArn),
    ),
    scheduleRoles: all(({ parts: { workers } }) =>
      workers.filter(isSchedule).map(({ role }) => role.roleArn),
    ),
    tasks: all(({ parts: { cluster } }) => [here('ecs', `task/${cluster.clusterName}/*`)]),
    scalableTargets: [here('application-autoscaling', 'scalable-target/*')],
    taskDefinitions: all(({ parts: { taskDefinitions } }) =>
      taskDefinitions.map(({ family }) => here('ecs', `task-definition/${family}:*`)),
    ),
    trialDefinitions: all(({ parts: { taskDefinitions } }) =>
      taskDefinitions.map(({ family }) => here('ecs', `task-definition/${trialFamily(family)}:*`)),
    ),
    taskRoles: all(({ parts: { taskDefinitions } }) =>
      taskDefinitions.flatMap(({ taskRole, executionRole }) =>
        [taskRole, executionRole].flatMap((role) => (role ? [role.roleArn] : [])),
      ),
    ),
    taskLogs: all(({ settings, parts: { taskDefinitions } }) => {
      const serving = taskDefinitions.map(
        (definition) =>
          definition.findContainer(settings.container)?.logDriverConfig?.options?.['awslogs-group'],
      );
      const testing = (settings.smokeTests ?? []).map((test) => 'task' in test && test.task.log?.group);
      return [...serving, ...testing].flatMap((group) =>
        group ? [here('logs', `log-group:${group}:log-stream:*`)] : [],
      );
    }),
    rules: all(({ settings: { traffic } }) => (traffic ? [...rulesIn({ traffic }), traffic.testRule] : [])),
    databases: rds('instance', (name) => [`db:${name}`, `db:${restoredNames(name)}`]),
    restored: rds('instance', (name) => [`db:${restoredNames(name)}`]),
    databaseClusters: rds('cluster', (name) => [`cluster:${name}`, `cluster:${restoredNames(name)}`]),
    restoredClusters: rds('cluster', (name) => [`cluster:${restoredNames(name)}`]),
    restoredMembers: rds('cluster', (name) => [`db:${memberNames(name)}`]),
    clusterMembers: rds('cluster', () => ['db:*']),
    databaseRoles: all(({ parts: { databaseRoles } }) => databaseRoles.map(({ roleArn }) => roleArn)),
    databaseGroups: rds('instance', () => groups('subgrp', 'pg', 'og')),
    clusterGroups: rds('cluster', () => groups('subgrp', 'cluster-pg', 'og')),
    memberGroups: rds('cluster', () => groups('subgrp', 'pg', 'og')),
    snapshots: rds('instance', (_, database) => [`snapshot:${snapshotNames(database)}`]),
    clusterSnapshots: rds('cluster', (_, database) => [`cluster-snapshot:${snapshotNames(database)}`]),
    secrets: all(({ settings }) => [settings.database.secret]),
    readSecrets: all(({ settings }) => [readerOf(settings)]),
    ledSecrets: all(({ settings }) => secretsIn(settings)),
    manifests: all(({ parts: { manifests } }) => [`${manifests.bucketArn}/*`]),
    testFunctions: all(({ settings }) =>
      (settings.smokeTests ?? []).flatMap((test) => ('lambda' in test ? [test.lambda] : [])),
    ),
    alarms: all(({ settings }) =>
      (settings.evidence?.alarms ?? []).map((name) => here('cloudwatch', `alarm:${name}`)),
    ),
    releaseManifests: all(({ settings: { migrations } }) => [
      `${migrations.manifests.replace('s3://', `arn:${partition}:s3:::`)}/${ANY_DIGEST}.json`,
    ]),
    reports: [`${own.reports}/*.html`],
    manifestBuckets: all(({ parts: { manifests } }) => [manifests.bucketArn]),
    attestations: all(({ parts: { manifests }, settings }) => [
      `${manifests.bucketArn}/*.${settings.environment}.json`,
    ]),
  };
}
