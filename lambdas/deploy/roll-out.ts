import * as z from 'zod/mini';
import { fleetRoller, releaseWriter } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { revisionOf } from '../../src/aws/revisions';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { rollOutResult } from '../../src/domain/results/deploy';
import { defineStep } from '../../src/runtime/define-step';

export const rollOut = defineStep({
  name: 'RollOut',
  uses: { claims, releaseWriter, fleetRoller },
  fence: 'commit',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: rollOutResult,
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const { taskDefinition } = await revisionOf(ports, deployment, 'green', {
      from: live.taskDefinition,
      container: settings.container,
    });
    const { service } = settings.slots[live.slot];
    await ports.fleetRoller.roll(settings.cluster, service, taskDefinition);
    return {
      // in place: the new version takes blue's slot task by task
      green: { slot: live.slot, taskDefinition, startedAt: now.toISOString() },
      cause: '',
    };
  },
});
