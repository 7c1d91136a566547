import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { fleetReader } from '../../src/aws/fleet';
import { recordReader, recordWriter } from '../../src/aws/record';
import { boundsReader } from '../../src/aws/scaling';
import { slotsOf } from '../../src/aws/slots';
import { trafficShifter } from '../../src/aws/traffic';
import { openTraffic } from '../../src/aws/weights';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { closeServiceResult } from '../../src/domain/results/close';
import { ownersMinimum } from '../../src/domain/traffic/minimums';
import { tasksForAll } from '../../src/domain/traffic/need';
import { closed } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

export const closeService = defineStep({
  name: 'CloseService',
  uses: { fleetReader, boundsReader, trafficShifter, recordReader, recordWriter, events },
  fence: 'commit',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: closeServiceResult,
  async run({ deployment, live, now }, ports) {
    const { settings, id } = deployment;
    const { service } = settings;
    const [{ recorded, weights, drift, set }, slots, bounds] = await Promise.all([
      openTraffic(ports, settings, live),
      slotsOf(ports, settings),
      ports.boundsReader.of(settings),
    ]);
    if (drift !== undefined)
      return { status: 'refused' as const, closedAt: null, cause: `${drift}; nothing was changed` };

    const closedAt = now.toISOString();
    // before the change as well: whoever opens the service again says how long it was closed
    // and with how many tasks and which minimum it goes on, when no slot is left that could tell
    const tasks = tasksForAll(slots.tasks, weights, recorded.tasks);
    const minimum = ownersMinimum(bounds, recorded.minimum);
    const shut = { ...recorded, slot: live.slot, closedAt, tasks, minimum };
    const notApplied = await set(closed, {
      intended: { ...shut, intended: closed },
      after: { ...shut, weights: closed, intended: undefined },
    });
    if (notApplied !== undefined) return { status: 'unset' as const, closedAt, cause: notApplied };
    await ports.events.put('ServiceClosed', { deployment: id, service, at: closedAt });
    return { status: 'closed' as const, closedAt, cause: '' };
  },
});
