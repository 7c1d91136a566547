import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { SLOTS, type Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import type { Port } from '../domain/step/port';

export interface BoundsReader {
  /** Within what the slots are scaled; a slot without a scalable target is absent. */
  of(settings: Settings): Promise<Partial<Record<Slot, { minimum: number; maximum: number }>>>;
}

/** Source: Application Auto Scaling API Reference, RegisterScalableTarget, ResourceId. */
const resourceOf = ({ cluster, slots }: Settings, slot: Slot) =>
  `service/${cluster.split('/').at(-1)}/${slots[slot].service}`;

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
            ScalableDimension: 'ecs:service:DesiredCount',
            ResourceIds: SLOTS.map((slot) => resourceOf(settings, slot)),
          }),
        );
        const bounds = SLOTS.flatMap((slot) => {
          const own = ScalableTargets.find(({ ResourceId }) => ResourceId === resourceOf(settings, slot));
          return own
            ? [[slot, { minimum: own.MinCapacity ?? 0, maximum: own.MaxCapacity ?? 0 }] as const]
            : [];
        });
        return Object.fromEntries(bounds);
      },
    };
  },
};
