import * as z from 'zod/mini';
import { fleetReader, fleetReleaser } from '../../src/aws/fleet';
import { recordReader } from '../../src/aws/record';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { keepRunning, slotsOf } from '../../src/aws/slots';
import { weightsReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { startBlueResult } from '../../src/domain/results/return';
import { serviceIn } from '../../src/domain/settings/slots';
import { tasksForAll } from '../../src/domain/traffic/need';
import { allOn } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

export const startBlue = defineStep({
  name: 'StartBlue',
  uses: { fleetReader, fleetReleaser, weightsReader, recordReader, boundsReader, minimumSetter },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: startBlueResult,
  async run({ deployment: { settings }, live, now }, ports) {
    const { cluster } = settings;
    const [{ tasks, fleets }, rule, recorded] = await Promise.all([
      slotsOf(ports, settings),
      ports.weightsReader.of(settings),
      ports.recordReader.read(settings.service),
    ]);
    const weights = 'weights' in rule ? rule.weights : allOn(live.slot);
    const needed = tasksForAll(tasks, weights, recorded?.tasks);
    const { taskDefinition } = live;
    await ports.fleetReleaser.release(
      cluster,
      serviceIn(settings, live.slot),
      // somebody may have deregistered the revision that the service still has: it can be started, but not be named again
      fleets[live.slot]?.taskDefinition === taskDefinition ? undefined : taskDefinition,
      Math.max(needed, tasks[live.slot].desired),
    );
    await keepRunning(ports, settings, live.slot, recorded?.minimum);
    return { startedAt: now.toISOString(), cause: '' };
  },
});
