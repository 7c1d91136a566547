import { randomBytes } from 'node:crypto';
import type {
  RegisterScalableTargetRequest,
  ScalableTarget,
  ScalingActivity,
  SuspendedState,
} from '@aws-sdk/client-application-auto-scaling';
import type { Clock } from '../../clock';
import { ACCOUNT, arn } from '../../names';
import type { ServiceCounts } from '../../service';
import { invalid, notFound, unsupported } from './faults';

const DIMENSION = 'ecs:service:DesiredCount';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`;

/** What identifies a scalable target. */
export interface Scaled {
  ServiceNamespace?: string;
  ResourceId?: string;
  ScalableDimension?: string;
}

/** Within these a target may be scaled, and what of it is suspended. */
export interface Target {
  readonly resource: string;
  readonly cluster: string;
  readonly service: string;
  readonly arn: string;
  readonly created: Date;
  minimum: number;
  maximum: number;
  suspended: Required<SuspendedState>;
}

export interface TargetsParts {
  clock: Clock;
  counts: ServiceCounts;
}

/** The activities that are shown; on AWS those of six weeks. */
const ACTIVITIES = 100;

const NOT_SUSPENDED = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

export function createTargets({ clock, counts }: TargetsParts) {
  const targets = new Map<string, Target>();
  const activities: ScalingActivity[] = [];

  /** Only ECS services are scaled here. @throws ValidationException for anything else */
  function named({ ServiceNamespace, ResourceId = '', ScalableDimension }: Scaled) {
    if (ServiceNamespace !== 'ecs') throw unsupported(`the service namespace ${ServiceNamespace}`);
    if (ScalableDimension !== DIMENSION)
      throw invalid(
        `Unsupported service namespace, resource type or scalable dimension: ${ScalableDimension}`,
      );
    const [kind, cluster, service, ...rest] = ResourceId.split('/');
    if (kind !== 'service' || !cluster || !service || rest.length > 0)
      throw invalid(`Unsupported service namespace, resource type or scalable dimension: ${ResourceId}`);
    return { resource: ResourceId, cluster, service };
  }

  function require(scaled: Scaled): Target {
    const { resource } = named(scaled);
    const target = targets.get(resource);
    if (!target)
      throw notFound(
        `No scalable target registered for service namespace: ecs, resource ID: ${resource}, scalable dimension: ${DIMENSION}`,
      );
    return target;
  }

  /** Changes the desired count, and writes down why. */
  function set(target: Target, desired: number, cause: string) {
    const at = new Date(clock.now());
    counts.set(target.cluster, target.service, desired);
    activities.unshift({
      ActivityId: randomBytes(16).toString('hex'),
      ServiceNamespace: 'ecs',
      ResourceId: target.resource,
      ScalableDimension: DIMENSION,
      Description: `Setting desired count to ${desired}.`,
      Cause: cause,
      StartTime: at,
      EndTime: at,
      StatusCode: 'Successful',
      StatusMessage: `Successfully set desired count to ${desired}. Change successfully fulfilled by ecs.`,
    });
    activities.length = Math.min(activities.length, ACTIVITIES);
  }

  const clamp = ({ minimum, maximum }: Target, desired: number) =>
    Math.min(Math.max(desired, minimum), maximum);

  /** Puts the desired count inside of the bounds, where it is outside. */
  function adjust(target: Target, cause: string) {
    const now = counts.of(target.cluster, target.service);
    if (now && clamp(target, now.desired) !== now.desired) set(target, clamp(target, now.desired), cause);
  }

  /**
   * Registers a target or changes one. Either way the service's count is put inside of its bounds, also when no bound is
   * given (API reference, RegisterScalableTarget).
   */
  function register(input: RegisterScalableTargetRequest): Target {
    const { resource, cluster, service } = named(input);
    if (!counts.of(cluster, service)) throw invalid(`ECS service doesn't exist: ${resource}`);
    const known = targets.get(resource);
    const minimum = input.MinCapacity ?? known?.minimum;
    const maximum = input.MaxCapacity ?? known?.maximum;
    if (minimum === undefined || maximum === undefined)
      throw invalid('MinCapacity and MaxCapacity must be specified to register a new scalable target.');
    if (minimum < 0) throw invalid('Minimum capacity must be at least 0.');
    if (maximum < minimum) throw invalid('Maximum capacity cannot be less than minimum capacity.');
    const target: Target = known ?? {
      ...{ resource, cluster, service, minimum, maximum, suspended: NOT_SUSPENDED },
      arn: arn('application-autoscaling', `scalable-target/${randomBytes(17).toString('hex')}`),
      created: new Date(clock.now()),
    };
    Object.assign(target, {
      minimum,
      maximum,
      suspended: { ...target.suspended, ...input.SuspendedState },
    });
    targets.set(resource, target);
    adjust(target, `minimum capacity was set to ${minimum}, maximum capacity to ${maximum}`);
    return target;
  }

  return {
    named,
    require,
    register,
    adjust,
    clamp,
    set,
    all: (): readonly Target[] => [...targets.values()],
    activities: (): readonly ScalingActivity[] => activities,
    isRegistered: (target: Target) => targets.get(target.resource) === target,
    remove: (scaled: Scaled) => targets.delete(require(scaled).resource),
  };
}

export type Targets = ReturnType<typeof createTargets>;

export const describeTarget = (target: Target): ScalableTarget => ({
  ServiceNamespace: 'ecs',
  ResourceId: target.resource,
  ScalableDimension: DIMENSION,
  MinCapacity: target.minimum,
  MaxCapacity: target.maximum,
  RoleARN: ROLE,
  CreationTime: target.created,
  SuspendedState: target.suspended,
  ScalableTargetARN: target.arn,
});
