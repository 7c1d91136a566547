import * as z from 'zod/mini';
import { fleetReleaser } from '../../src/aws/fleet';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { startBlueResult } from '../../src/domain/results/return';
import { defineStep } from '../../src/runtime/define-step';

export const startBlue = defineStep({
  name: 'StartBlue',
  uses: { fleetReleaser },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: startBlueResult,
  async run({ deployment: { settings }, live, now }, ports) {
    // one that still runs is told what it does already
    await ports.fleetReleaser.release(
      settings.cluster,
      settings.slots[live.slot].service,
      live.taskDefinition,
      live.desired,
    );
    return { startedAt: now.toISOString(), cause: '' };
  },
});
