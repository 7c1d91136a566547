import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock';
import type { Emit } from '../../service';
import { type DeploymentEventName, deploymentStateChange } from './events';
import { deploymentId, serviceArn } from './names';
import { backOff, breakerThreshold } from './rollout';
import type { Deployment, ServiceRecord } from './service-record';
import type { Definition } from './task-definitions';

const EVENTS_KEPT = 100;

/** The deployments of a service, from their beginning to completion, failure or rollback, and what is told of them. */
export function createDeployments(record: ServiceRecord, { clock, emit }: { clock: Clock; emit: Emit }) {
  const arn = serviceArn(record.cluster, record.name);
  const now = () => new Date(clock.now());

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
      id: deploymentId(),
      status: 'PRIMARY',
      definition,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: '',
      createdAt: now(),
      updatedAt: now(),
      failedTasks: 0,
      failuresInARow: 0,
      nextStart: 0,
      lost: 0,
      isRollback: false,
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

  function complete(primary: Deployment) {
    record.deployments = [primary];
    record.lastCompleted = primary.definition;
    announce(primary, 'SERVICE_DEPLOYMENT_COMPLETED', `ECS deployment ${primary.id} completed.`);
    note('has reached a steady state.');
  }

  return { note, deploy, fail, complete };
}

export type Deployments = ReturnType<typeof createDeployments>;
