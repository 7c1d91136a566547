import { Annotations, CfnDeletionPolicy, CfnResource, Stack } from 'aws-cdk-lib';
import type { CfnTaskDefinition, FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Configuration, settingsIn } from '../src/domain/settings/environments';
import { checkSettings } from './checked-settings';
import type { DeployedService } from './deployed-service';
import { acknowledgeWildcards } from './role';

/** @throws Error for settings that a request would be refused for; it lists every problem */
export function checkServices(services: readonly DeployedService[], configuration: Configuration): void {
  for (const { settings, taskDefinitions } of services) {
    checkSettings(settingsIn(settings, configuration));
    for (const { family } of taskDefinitions) if (family === undefined) throw new Error(NO_FAMILY);
  }
}

const NO_FAMILY =
  'a task definition of `taskDefinitions` has no family, because it is imported: expected one that is made in this app, since a release is its newest revision with another image';

/** Sets what the services' own constructs need so that releases and updates of the stack do not disturb each other. */
export function prepareServices(services: readonly DeployedService[]): void {
  // CloudFormation deregisters a revision that it replaces, and what serves from it could not be started again
  for (const { node } of services.flatMap(({ taskDefinitions }) => taskDefinitions))
    (node.defaultChild as CfnTaskDefinition).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;

  for (const slot of services.flatMap(({ slots }) => slots))
    if (Construct.isConstruct(slot) && isDeclared(slot))
      Annotations.of(slot).addWarningV2(
        'greenlight:slot',
        'an update of the stack that reaches this slot puts its task definition and its count back to what the template says, under users if need be; let Slots make the slots',
      );

  for (const { workers = [], taskDefinitions, cluster } of services)
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

/** Is it a service that the template itself declares? */
const isDeclared = ({ node }: Construct) =>
  node.findAll().some((one) => CfnResource.isCfnResource(one) && one.cfnResourceType === 'AWS::ECS::Service');
