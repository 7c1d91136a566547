import type { CloudEvent } from '../../service';
import { describeTask, type Task } from './task';

export function taskStateChange(task: Task, at: Date): CloudEvent {
  return {
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    resources: [task.arn],
    detail: { ...describeTask(task), updatedAt: at },
  };
}

export type DeploymentEventName =
  | 'SERVICE_DEPLOYMENT_IN_PROGRESS'
  | 'SERVICE_DEPLOYMENT_COMPLETED'
  | 'SERVICE_DEPLOYMENT_FAILED';

export function deploymentStateChange(
  serviceArn: string,
  deploymentId: string,
  eventName: DeploymentEventName,
  reason: string,
  at: Date,
): CloudEvent {
  return {
    source: 'aws.ecs',
    detailType: 'ECS Deployment State Change',
    resources: [serviceArn],
    detail: {
      eventType: eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO',
      eventName,
      deploymentId,
      updatedAt: at.toISOString(),
      reason,
    },
  };
}
