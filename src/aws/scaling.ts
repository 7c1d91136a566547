import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import type { Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { serviceIn, slotsIn } from '../domain/settings/slots';
import type { Port } from '../domain/step/port';
import type { SlotBounds } from '../domain/traffic/minimums';

export interface BoundsReader {
  /** Within what the slots are scaled; a slot without a scalable target is absent. */
  of(settings: Settings): Promise<SlotBounds>;
}

export interface MinimumSetter {
  /** Sets the minimum of a slot that has a scalable target; its number of tasks follows if it is smaller. */
  set(settings: Settings, slot: Slot, minimum: number): Promise<void>;
}

export const DIMENSION = 'ecs:service:DesiredCount';

/** Source: Application Auto Scaling API Reference, RegisterScalableTarget, ResourceId. */
export const resourceOf = (settings: Settings, slot: Slot) =>
  `service/${settings.cluster.split('/').at(-1)}/${serviceIn(settings, slot)}`;

/** The bounds of a service's slots among scalable targets. */
export function boundsIn(targets: readonly ScalableTarget[], settings: Settings): SlotBounds {
  const bounds = slotsIn(settings).flatMap((slot) => {
    const own = targets.find(({ ResourceId }) => ResourceId === resourceOf(settings, slot));
    return own ? [[slot, { minimum: own.MinCapacity ?? 0, maximum: own.MaxCapacity ?? 0 }] as const] : [];
  });
  return Object.fromEntries(bounds);
}

export const boundsReader: Port<BoundsReader> = {
  grants: [
    {
      sid: 'ReadScalableTargets',
      actions: ['application-autoscaling:DescribeScalableTargets'],
      on: '*',
    },
  ],
  open() {
    const scaling = new ApplicationAutoScalingClient({});
    return {
      async of(settings) {
        const { ScalableTargets = [] } = await scaling.send(
          new DescribeScalableTargetsCommand({
            ServiceNamespace: 'ecs',
            ScalableDimension: DIMENSION,
            ResourceIds: slotsIn(settings).map((slot) => resourceOf(settings, slot)),
          }),
        );
        return boundsIn(ScalableTargets, settings);
      },
    };
  },
};

/**
 * A scalable target's name says nothing of its service, so the role may change those of ECS services alone; and of these only
 * those that it may update, which Application Auto Scaling asks of the caller.
 * Source: Application Auto Scaling User Guide, "Identity-based policy examples".
 */
export const minimumSetter: Port<MinimumSetter> = {
  grants: [
    {
      sid: 'MoveMinimum',
      actions: ['application-autoscaling:RegisterScalableTarget'],
      on: ['scalableTargets'],
      when: {
        operator: 'StringEquals',
        key: 'application-autoscaling:scalable-dimension',
        text: 'ecs:service:DesiredCount',
      },
    },
    { sid: 'ReadServices', actions: ['ecs:DescribeServices'], on: ['services'] },
    { sid: 'ScaleServices', actions: ['ecs:UpdateService'], on: ['services'] },
  ],
  open() {
    const scaling = new ApplicationAutoScalingClient({});
    return {
      async set(settings, slot, minimum) {
        await scaling.send(
          new RegisterScalableTargetCommand({
            ServiceNamespace: 'ecs',
            ScalableDimension: DIMENSION,
            ResourceId: resourceOf(settings, slot),
            MinCapacity: minimum,
          }),
        );
      },
    };
  },
};
