import * as z from 'zod/mini';
import { fleetReader, fleetRoller } from '../../src/aws/fleet';
import { taskProtection } from '../../src/aws/protection';
import { recordReader, recordWriter, withoutDeployment } from '../../src/aws/record';
import { healthReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { rolledBack } from '../../src/domain/evidence/rollout';
import { undoRolloutResult } from '../../src/domain/results/return';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { withProtected } from '../../src/domain/traffic/keepers';
import { defineStep } from '../../src/runtime/define-step';

export const undoRollout = defineStep({
  name: 'UndoRollout',
  uses: { fleetReader, healthReader, fleetRoller, taskProtection, recordReader, recordWriter },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema, since: z.iso.datetime() }),
  output: undoRolloutResult,
  async run({ deployment: { settings, id }, live, since, now }, ports) {
    const service = serviceIn(settings, live.slot);
    const [fleet, targets] = await Promise.all([
      ports.fleetReader.state(settings.cluster, service),
      ports.healthReader.of(settings, live.slot),
    ]);
    // asked for once: a second request would begin the rollback anew
    if (fleet && fleet.taskDefinition !== live.taskDefinition)
      await ports.fleetRoller.roll(settings.cluster, service, live.taskDefinition);
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    const look = rolledBack(live, fleet, targets, late, settings.traffic !== null);
    const recorded = look.status === 'returned' ? await ports.recordReader.read(settings.service) : undefined;
    if (recorded)
      await ports.recordWriter.write(settings.service, {
        ...withoutDeployment(recorded, id, live, { weights: recorded.weights, tasks: fleet?.desired }),
        // the version that was undone has answered from the same slot
        aloneSince: now.toISOString(),
      });
    const held = look.status === 'stuck' ? await ports.taskProtection.of(settings.cluster, service) : [];
    return {
      ...look,
      cause: withProtected(look.cause, held),
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
    };
  },
});
