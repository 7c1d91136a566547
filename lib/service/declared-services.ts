import { CfnDeletionPolicy, Stack } from 'aws-cdk-lib';
import type { CfnTaskDefinition, FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Configuration, settingsIn } from '../../src/domain/settings/environments';
import { acknowledgeWildcards } from '../rights/role';
import { checkSettings } from './checked-settings';
import type { DeployedService } from './deployed-service';
import { shownProp } from './missing';

/** The compiler says it to whoever has one. @throws Error for what is no service, as from another version of Greenlight */
export function mustBeServices(workflow: string, services: readonly DeployedService[]): void {
  if (!Array.isArray(services))
    throw new Error(
      `${workflow}.services: expected a list of those that it deploys, received ${shownProp(services)}`,
    );
  for (const [index, one] of services.entries())
    if (!Construct.isConstruct(one) || !('parts' in one))
      throw new Error(
        `${workflow}.services.${index}: expected a BlueGreenService or a PureWorker, received ${shownProp(one)}`,
      );
}

/**
 * @throws Error for a name that two have, and for settings that a request would be refused for; it lists every problem; for a
 * service that may be restored on an instance that another one has too
 */
export function checkServices(services: readonly DeployedService[], configuration: Configuration): void {
  const known = new Map<string, DeployedService>();
  for (const one of services) {
    const { service } = one.settings;
    const other = known.get(service);
    if (other)
      throw new Error(
        `${one.node.path}.serviceName: expected another name than ${service}, which ${other.node.path} of the same workflow has`,
      );
    known.set(service, one);
  }
  for (const { settings, node } of services) checkSettings(node.path, settingsIn(settings, configuration));
  refuseShared(services);
}

/** A restore, to which a maintenance window alone may lead, takes back what every service of the instance has written. */
function refuseShared(services: readonly DeployedService[]): void {
  for (const one of services) {
    if (!one.settings.maintenance) continue;
    const { instance, cluster } = one.settings.database;
    const other = services.find(
      ({ settings }) =>
        settings !== one.settings &&
        settings.database.instance === instance &&
        settings.database.cluster === cluster,
    );
    if (other)
      throw new Error(
        `${one.node.path}.maintenance: expected none, because ${other.node.path} is on the same database: a restore, to which a window may lead, would take back what that one has written; leave it out, give each a database of its own, or make one a worker of the other`,
      );
  }
}

/** Sets what the services' own constructs need so that releases and updates of the stack do not disturb each other. */
export function prepareServices(services: readonly DeployedService[]): void {
  // CloudFormation deregisters a revision that it replaces, and what serves from it could not be started again
  for (const { node } of services.flatMap(({ parts }) => parts.taskDefinitions))
    (node.defaultChild as CfnTaskDefinition).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;

  for (const { workers, taskDefinitions, cluster } of services.map(({ parts }) => parts))
    for (const worker of workers) if ('role' in worker) allowRevisions(worker.role, taskDefinitions, cluster);
}

/** Where CDK has made a role's policy, it may name the one revision that was there then; a release is another one. */
function allowRevisions(role: IRole, taskDefinitions: FargateTaskDefinition[], cluster: ICluster): void {
  const { partition, region, account } = Stack.of(cluster);
  const resources = taskDefinitions.map(
    ({ family }) => `arn:${partition}:ecs:${region}:${account}:task-definition/${family}:*`,
  );
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources,
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
  const reason = 'a release is a new revision of the family';
  acknowledgeWildcards(role, Object.fromEntries(resources.map((resource) => [resource, reason])));
}
