import * as z from 'zod/mini';
import { fleetRoller, releaseWriter } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { revisionOf } from '../../src/aws/revisions';
import { healthReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { rollOutResult } from '../../src/domain/results/deploy';
import { serviceIn } from '../../src/domain/settings/slots';
import { noRoomBeside } from '../../src/postgres/room';
import { vitals } from '../../src/postgres/vitals';
import { defineStep } from '../../src/runtime/define-step';

export const rollOut = defineStep({
  name: 'RollOut',
  uses: { claims, healthReader, vitals, releaseWriter, fleetRoller },
  fence: 'commit',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: rollOutResult,
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const { addresses } = await ports.healthReader.of(settings, live.slot);
    const full = await noRoomBeside(addresses, deployment, ports);
    if (full) return { started: false, green: null, cause: full };
    const { taskDefinition } = await revisionOf(ports, deployment, 'green', {
      from: live.newest ?? live.taskDefinition,
      container: settings.container,
    });
    const service = serviceIn(settings, live.slot);
    await ports.fleetRoller.roll(settings.cluster, service, taskDefinition);
    return {
      started: true,
      // in place: the new version takes blue's slot task by task
      green: { slot: live.slot, taskDefinition, startedAt: now.toISOString() },
      cause: '',
    };
  },
});
