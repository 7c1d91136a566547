import { randomUUID } from 'node:crypto';
import { type Capacity, shortage } from './capacity';
import { type DeploymentEventName, deploymentStateChange } from './events';
import { deploymentId, serviceArn } from './names';
import type { EcsParts } from './parts';
import { backOff, breakerThreshold, nextMoves } from './rollout';
import { type Deployment, isLive, type Member, type ServiceRecord } from './service-record';
import { drainOf, healthOf, register } from './targets';
import { endOf } from './task';
import type { Definition } from './task-definitions';
import type { Tasks } from './tasks';

const EVENTS_KEPT = 100;
/** The health of targets is looked at this often, in real time: the processes behind it are real. */
const POLL_MS = 50;
/** Cloud time after which ECS takes a task without any health check for healthy. */
const PROVEN_AFTER_MS = 40_000;

export interface ControllerParts extends EcsParts {
  tasks: Tasks;
  capacity: Capacity;
}

/** Keeps one service as it is desired to be: the rolling deployment controller of ECS. */
export function controlService(record: ServiceRecord, parts: ControllerParts) {
  const { clock, emit, tasks, targets, capacity } = parts;
  const arn = serviceArn(record.cluster, record.name);
  const now = () => new Date(clock.now());
  let stopped = false;

  function note(message: string) {
    record.events.unshift({
      id: randomUUID(),
      createdAt: now(),
      message: `(service ${record.name}) ${message}`,
    });
    record.events.length = Math.min(record.events.length, EVENTS_KEPT);
  }

  function announce(deployment: Deployment, eventName: DeploymentEventName, reason: string) {
    deployment.rolloutState = eventName.replace('SERVICE_DEPLOYMENT_', '') as Deployment['rolloutState'];
    deployment.rolloutStateReason = reason;
    deployment.updatedAt = now();
    emit(deploymentStateChange(arn, deployment.id, eventName, reason, now()));
  }

  function promote(deployment: Deployment, reason: string) {
    for (const other of record.deployments) other.status = 'ACTIVE';
    deployment.status = 'PRIMARY';
    record.deployments = [deployment, ...record.deployments.filter((other) => other !== deployment)];
    announce(deployment, 'SERVICE_DEPLOYMENT_IN_PROGRESS', reason);
  }

  function newDeployment(definition: Definition): Deployment {
    return {
      ...{
        id: deploymentId(),
        status: 'PRIMARY',
        definition,
        rolloutState: 'IN_PROGRESS',
        rolloutStateReason: '',
      },
      ...{
        createdAt: now(),
        updatedAt: now(),
        failedTasks: 0,
        failuresInARow: 0,
        nextStart: 0,
        isRollback: false,
      },
    };
  }

  function deploy(definition: Definition) {
    const deployment = newDeployment(definition);
    promote(deployment, `ECS deployment ${deployment.id} in progress.`);
  }

  /** Back to the definition that was last complete, with the tasks of it that still run. */
  function rollBack(definition: Definition) {
    const standing = record.deployments.find((deployment) => deployment.definition === definition);
    const deployment = standing ?? newDeployment(definition);
    deployment.isRollback = true;
    promote(deployment, `ECS deployment circuit breaker: rolling back to deploymentId ${deployment.id}.`);
  }

  function isHealthy(member: Member): boolean {
    if (member.task.lastStatus !== 'RUNNING' || !isLive(member)) return false;
    return healthOf(record, member.task, targets).every((health) => health === 'healthy');
  }

  /** Without a health check a task has to run for a while: else one that ends at once would be started without end. */
  const isProven = ({ task }: Member) =>
    record.loadBalancers.length > 0 || clock.now() - task.startedAt!.getTime() >= PROVEN_AFTER_MS;

  function start(deployment: Deployment) {
    if (clock.now() < deployment.nextStart) return;
    const reason = shortage(capacity, tasks, deployment.definition);
    if (reason !== undefined) {
      fail(deployment, `was unable to place a task. Reason: ${reason}.`);
      return;
    }
    const task = tasks.start({
      ...{ cluster: record.cluster, definition: deployment.definition, launchType: record.launchType },
      ...{ group: `service:${record.name}`, startedBy: deployment.id },
    });
    if (record.loadBalancers.length > 0) task.drain = drainOf(record, task, targets);
    record.members.push({ task, deployment, wasHealthy: false, counted: false });
    note(`has started 1 tasks: (task ${task.id}).`);
  }

  /** One task of a deployment did not come to be healthy. */
  function fail(deployment: Deployment, message: string) {
    note(message);
    deployment.failedTasks += 1;
    deployment.failuresInARow += 1;
    deployment.nextStart = clock.now() + backOff(deployment.failuresInARow);
    const { enable, rollback } = record.rules.circuitBreaker;
    if (!enable || deployment.rolloutState !== 'IN_PROGRESS' || deployment.isRollback) return;
    if (deployment.failedTasks < breakerThreshold(record.desiredCount)) return;
    announce(
      deployment,
      'SERVICE_DEPLOYMENT_FAILED',
      'ECS deployment circuit breaker: tasks failed to start.',
    );
    if (rollback && record.lastCompleted) rollBack(record.lastCompleted);
  }

  function watchMember(member: Member) {
    const { task, deployment } = member;
    if (isHealthy(member)) {
      if (!isProven(member)) return;
      member.wasHealthy = true;
      deployment.failuresInARow = 0;
      return;
    }
    if (!isLive(member)) {
      if (member.counted) return;
      member.counted = true;
      const byItself = task.stopCode === 'EssentialContainerExited' || task.stopCode === 'TaskFailedToStart';
      if (byItself && deployment === record.deployments[0]) {
        const message = `(task ${task.id}) ended: ${endOf(task)}`;
        if (member.wasHealthy) note(message);
        else fail(deployment, message);
      }
      return;
    }
    if (task.lastStatus !== 'RUNNING') return;
    const graceOver = clock.now() - task.startedAt!.getTime() >= record.gracePeriodSeconds * 1000;
    if (!graceOver || !healthOf(record, task, targets).includes('unhealthy')) return;
    member.counted = true;
    const reason = `failed ELB health checks in (target-group ${record.loadBalancers[0]?.targetGroupArn})`;
    const message = `(task ${task.id}) ${reason}`;
    if (member.wasHealthy) note(message);
    else fail(deployment, message);
    tasks.stop(task, 'ServiceSchedulerInitiated', `Task ${reason}`).catch(() => {});
  }

  function stopSome(members: Member[], howMany: number) {
    // those that do not serve go first
    const sorted = [...members].sort((a, b) => Number(isHealthy(a)) - Number(isHealthy(b)));
    for (const { task } of sorted.slice(0, howMany)) {
      note(`has stopped 1 running tasks: (task ${task.id}).`);
      const reason = `Scaling activity initiated by (deployment ${record.deployments[0]!.id})`;
      tasks.stop(task, 'ServiceSchedulerInitiated', reason).catch(() => {});
    }
  }

  function complete(primary: Deployment) {
    record.deployments = [primary];
    record.lastCompleted = primary.definition;
    announce(primary, 'SERVICE_DEPLOYMENT_COMPLETED', `ECS deployment ${primary.id} completed.`);
    note('has reached a steady state.');
  }

  /** Looks at everything and makes the next moves; harmless when there is nothing to do. */
  function reconcile() {
    if (stopped || record.deployments.length === 0) return;
    for (const member of record.members) {
      if (isLive(member) && member.task.lastStatus === 'RUNNING') register(record, member.task, targets);
    }
    for (const member of [...record.members]) watchMember(member);
    record.members = record.members.filter(({ task }) => task.lastStatus !== 'STOPPED');

    const primary = record.deployments[0]!;
    const live = record.members.filter(isLive);
    const current = live.filter(({ deployment }) => deployment === primary);
    const previous = live.filter(({ deployment }) => deployment !== primary);
    const healthy = current.filter(isHealthy).length;
    const moves = nextMoves({
      desired: record.desiredCount,
      current: { live: current.length, healthy },
      previous: { live: previous.length, healthy: previous.filter(isHealthy).length },
      ...record.rules,
    });
    if (primary.rolloutState !== 'FAILED') for (let index = 0; index < moves.start; index++) start(primary);
    stopSome(previous, moves.stopPrevious);
    stopSome(current, moves.stopCurrent);

    record.deployments = record.deployments.filter(
      (deployment) =>
        deployment === primary || record.members.some((member) => member.deployment === deployment),
    );
    const steady =
      healthy === record.desiredCount && current.length === healthy && record.deployments.length === 1;
    if (steady && primary.rolloutState === 'IN_PROGRESS') complete(primary);
  }

  const unsubscribe = tasks.onChange((task) => {
    if (record.members.some((member) => member.task === task)) setImmediate(reconcile);
  });

  async function watch() {
    while (!stopped) {
      reconcile();
      await clock.deadline(POLL_MS);
    }
  }

  return {
    record,
    deploy,
    reconcile,
    watch,
    /** No task is started or stopped by it any more. */
    end() {
      stopped = true;
      unsubscribe();
    },
  };
}

export type ServiceController = ReturnType<typeof controlService>;
