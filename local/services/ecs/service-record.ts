import type {
  DeploymentCircuitBreaker,
  DeploymentRolloutState,
  LoadBalancer,
  NetworkConfiguration,
  PropagateTags,
  Service as ServiceShape,
  Tag,
} from '@aws-sdk/client-ecs';
import { clusterArn, serviceArn } from './names';
import type { Task } from './task';
import type { Definition } from './task-definitions';

export interface Deployment {
  id: string;
  status: 'PRIMARY' | 'ACTIVE';
  definition: Definition;
  rolloutState: DeploymentRolloutState;
  rolloutStateReason: string;
  createdAt: Date;
  updatedAt: Date;
  /** Tasks that ended before they were healthy; what the circuit breaker counts. */
  failedTasks: number;
  /** Failures since a task was last healthy; each one doubles the wait before the next start. */
  failuresInARow: number;
  /** Cloud time before which no task is started. */
  nextStart: number;
  /** Tasks that were healthy and ended without being asked to, while another deployment is the primary one. */
  lost: number;
  /** A rollback is not rolled back again. */
  isRollback: boolean;
}

export interface DeploymentRules {
  maximumPercent: number;
  minimumHealthyPercent: number;
  circuitBreaker: DeploymentCircuitBreaker;
}

/** A task of a service and whether it has ever been healthy. */
export interface Member {
  task: Task;
  deployment: Deployment;
  wasHealthy: boolean;
  /** Its end has been counted. */
  counted: boolean;
  /** It took the place of a task that was lost, and is waited for. */
  isReplacement: boolean;
  /** The controller stopped it because there were too many. */
  isSpare: boolean;
}

export interface ServiceRecord {
  name: string;
  cluster: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  /** The newest first. */
  deployments: Deployment[];
  members: Member[];
  loadBalancers: LoadBalancer[];
  gracePeriodSeconds: number;
  rules: DeploymentRules;
  networkConfiguration?: NetworkConfiguration;
  /** Where its tasks have their tags from. */
  propagateTags: PropagateTags;
  launchType: 'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES';
  createdAt: Date;
  tags: Tag[];
  /** The newest first, as AWS shows them. */
  events: { id: string; createdAt: Date; message: string }[];
  /** What a failed deployment goes back to. */
  lastCompleted?: Definition;
}

export const isLive = ({ task }: Member) => task.desiredStatus === 'RUNNING';

const isRunning = ({ task }: Member) => task.lastStatus === 'RUNNING';
const isPending = ({ task }: Member) => task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING';

const count = (members: Member[], test: (member: Member) => boolean) => members.filter(test).length;

export function describeService(record: ServiceRecord): ServiceShape {
  const { members, rules } = record;
  const primary = record.deployments[0];
  return {
    serviceArn: serviceArn(record.cluster, record.name),
    serviceName: record.name,
    clusterArn: clusterArn(record.cluster),
    status: record.status,
    desiredCount: record.desiredCount,
    runningCount: count(members, isRunning),
    pendingCount: count(members, isPending),
    launchType: record.launchType,
    propagateTags: record.propagateTags,
    schedulingStrategy: 'REPLICA',
    taskDefinition: primary?.definition.taskDefinitionArn,
    loadBalancers: record.loadBalancers,
    serviceRegistries: [],
    networkConfiguration: record.networkConfiguration,
    healthCheckGracePeriodSeconds: record.gracePeriodSeconds,
    createdAt: record.createdAt,
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: {
      maximumPercent: rules.maximumPercent,
      minimumHealthyPercent: rules.minimumHealthyPercent,
      deploymentCircuitBreaker: rules.circuitBreaker,
    },
    deployments: record.deployments.map((deployment) => {
      const own = members.filter((member) => member.deployment === deployment);
      return {
        id: deployment.id,
        status: deployment.status,
        taskDefinition: deployment.definition.taskDefinitionArn,
        desiredCount: deployment === primary ? record.desiredCount : count(own, isLive),
        runningCount: count(own, isRunning),
        pendingCount: count(own, isPending),
        failedTasks: deployment.failedTasks,
        createdAt: deployment.createdAt,
        updatedAt: deployment.updatedAt,
        launchType: record.launchType,
        rolloutState: deployment.rolloutState,
        rolloutStateReason: deployment.rolloutStateReason,
      };
    }),
    events: record.events,
  };
}
