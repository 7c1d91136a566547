import type { Clock } from '../../clock';
import type { Targets } from '../../service';
import type { Deployments } from './deployments';
import { isChecked } from './health-check';
import { isLive, type Member, type ServiceRecord } from './service-record';
import { healthOf } from './targets';
import { endOf, healthOfTask, type Task } from './task';
import type { Tasks } from './tasks';

/**
 * Cloud time after which ECS takes a task without any health check for healthy.
 * Source: Amazon ECS API Reference, DeploymentConfiguration, minimumHealthyPercent.
 */
const PROVEN_AFTER_MS = 40_000;

export interface MembersParts {
  clock: Clock;
  targets: Targets;
  tasks: Tasks;
  deployments: Deployments;
}

/** The tasks of a service: which of them are healthy, and what their failures mean to their deployment. */
export function createMembers(record: ServiceRecord, { clock, targets, tasks, deployments }: MembersParts) {
  function isHealthy(member: Member): boolean {
    if (member.task.lastStatus !== 'RUNNING' || !isLive(member)) return false;
    if (hasCheck(member) && healthOfTask(member.task) !== 'HEALTHY') return false;
    if (!isProven(member)) return false;
    return healthOf(record, member.task, targets).every((health) => health === 'healthy');
  }

  const hasCheck = ({ task }: Member) =>
    task.containers.some(({ definition }) => definition.essential && isChecked(definition));

  /** Without a health check a task has to run for a while: else one that ends at once would be started without end. */
  const isProven = (member: Member) =>
    record.loadBalancers.length > 0 ||
    hasCheck(member) ||
    clock.now() - member.task.startedAt!.getTime() >= PROVEN_AFTER_MS;

  /** A task that was never healthy counts against its deployment. */
  function lose(member: Member, message: string) {
    member.counted = true;
    if (member.wasHealthy) deployments.note(message);
    else deployments.fail(member.deployment, message);
  }

  function countEnd(member: Member) {
    const { task, deployment } = member;
    const byItself = task.stopCode === 'EssentialContainerExited' || task.stopCode === 'TaskFailedToStart';
    if (member.counted || !byItself || deployment !== record.deployments[0]) return;
    lose(member, `(task ${task.id}) ended: ${endOf(task)}`);
  }

  /** Of which check the task has failed. Source: ECS Developer Guide, "Service event messages" and "Stopped tasks error messages". */
  function failedCheck(task: Task): string | undefined {
    if (healthOfTask(task) === 'UNHEALTHY') return 'failed container health checks';
    if (!healthOf(record, task, targets).includes('unhealthy')) return undefined;
    return `failed ELB health checks in (target-group ${record.loadBalancers[0]?.targetGroupArn})`;
  }

  function replaceUnhealthy(member: Member) {
    const { task } = member;
    const graceOver = clock.now() - task.startedAt!.getTime() >= record.gracePeriodSeconds * 1000;
    const reason = failedCheck(task);
    if (!graceOver || reason === undefined) return;
    lose(member, `(task ${task.id}) ${reason}`);
    tasks.stop(task, 'ServiceSchedulerInitiated', `Task ${reason}`).catch(() => {});
  }

  /** Counts failures and stops what the load balancer finds unhealthy. */
  function watch(member: Member) {
    const { task, deployment } = member;
    if (isHealthy(member)) {
      member.wasHealthy = true;
      deployment.failuresInARow = 0;
      return;
    }
    if (!isLive(member)) countEnd(member);
    else if (task.lastStatus === 'RUNNING') replaceUnhealthy(member);
  }

  return { isHealthy, watch };
}
