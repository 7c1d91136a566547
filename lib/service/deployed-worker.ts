import { Fn } from 'aws-cdk-lib';
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ISchedule } from 'aws-cdk-lib/aws-scheduler';
import type { SettingsInput } from '../../src/domain/settings/settings';
import type { Moves } from '../../src/domain/workers/settings';
import type { HeldService } from '../held/held-service';
import { WorkerService } from '../held/worker-service';
import { containerOf } from './containers';

/** What every worker has. */
export interface DeployedWorkerOptions {
  /** The container that carries the released image. @default the default container of its task definition */
  containerName?: string;
  /**
   * When it gets a release: `before` the first user is on green, or `after` all of them are and green was found healthy. With `never`
   * releases and maintenance windows leave it alone, and only the settings change when it is to take part.
   * @default 'after'
   */
  moves?: Moves | 'never';
}

/** An Amazon ECS service that is always at work. */
export interface DeployedWorkerService extends DeployedWorkerOptions {
  /** A `WorkerService`; one that a template declares itself is put back by every update of its stack that reaches it. */
  service: HeldService;
  /** What it runs; a release is the newest revision of its family, with another image. @default that of the `WorkerService` */
  taskDefinition?: FargateTaskDefinition;
  /** How long, in seconds, its tasks have to run where its containers have no health check. @default 40 */
  steadySeconds?: number;
}
/** A rule of EventBridge that starts tasks, on a schedule or for events. */
export interface DeployedRule extends DeployedWorkerOptions {
  /** Made in this app or imported. */
  rule: IRule;
  /** What it starts; a release is the newest revision of its family, with another image. */
  taskDefinition: FargateTaskDefinition;
  /** By which its target starts tasks; it is allowed to start new revisions too. */
  role: IRole;
  /** The rule's bus. @default the account's default bus */
  eventBus?: IEventBus;
  /** Id of the target that starts the tasks. @default 'Target0', as the CDK calls a rule's first one */
  target?: string;
}
/** A schedule of EventBridge Scheduler that starts tasks. */
export interface DeployedSchedule extends DeployedWorkerOptions {
  /** With its group, where it has one. */
  schedule: ISchedule;
  /** What it starts; a release is the newest revision of its family, with another image. */
  taskDefinition: FargateTaskDefinition;
  /** By which its target starts tasks; it is allowed to start new revisions too. */
  role: IRole;
}
/** What works beside the slots with the same image, and moves with it. */
export type DeployedWorker = DeployedWorkerService | DeployedRule | DeployedSchedule;

export const isRule = (worker: DeployedWorker): worker is DeployedRule => 'rule' in worker;
export const isSchedule = (worker: DeployedWorker): worker is DeployedSchedule => 'schedule' in worker;

/** @throws Error for a service that does not say what it runs */
export function taskDefinitionOf(path: string, worker: DeployedWorker): FargateTaskDefinition {
  if (worker.taskDefinition) return worker.taskDefinition;
  if ('service' in worker && worker.service instanceof WorkerService) return worker.service.taskDefinition;
  throw new Error(
    `${path}.taskDefinition: expected what the worker runs, received nothing; only a WorkerService says it itself`,
  );
}

/** `rule/<name>` in an ARN, or `rule/<bus>/<name>` where it is not of the default bus. */
const ruleName = ({ rule, eventBus }: DeployedRule) =>
  eventBus ? Fn.select(2, Fn.split('/', rule.ruleArn)) : rule.ruleName;

/** As the settings name it; those that never move are not named. */
export function workerSettings(path: string, worker: DeployedWorker): NonNullable<SettingsInput['workers']> {
  const taskDefinition = taskDefinitionOf(path, worker);
  const { containerName } = containerOf(path, taskDefinition, worker.containerName);
  const { moves } = worker;
  if (moves === 'never') return [];
  const common = { container: containerName, taskDefinition: taskDefinition.family, ...(moves && { moves }) };
  if (isRule(worker)) {
    const { target = 'Target0', eventBus } = worker;
    const bus = eventBus && { eventBus: eventBus.eventBusName };
    return [{ kind: 'rule', rule: ruleName(worker), ...bus, target, ...common }];
  }
  if (isSchedule(worker)) {
    const { scheduleName, scheduleGroup } = worker.schedule;
    const group = scheduleGroup && { group: scheduleGroup.scheduleGroupName };
    return [{ kind: 'schedule', schedule: scheduleName, ...group, ...common }];
  }
  const { service, steadySeconds } = worker;
  const steady = steadySeconds !== undefined && { steadySeconds };
  return [{ kind: 'service', service: service.serviceName, ...common, ...steady }];
}
