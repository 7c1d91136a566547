import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { fleetReader } from '../../src/aws/fleet';
import { recordReader, recordWriter } from '../../src/aws/record';
import { boundsReader } from '../../src/aws/scaling';
import { settings as settingsStore, windowsNow } from '../../src/aws/settings';
import { slotsOf } from '../../src/aws/slots';
import { trafficShifter } from '../../src/aws/traffic';
import { openTraffic } from '../../src/aws/weights';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { closeServiceResult } from '../../src/domain/results/close';
import { ownersMinimum } from '../../src/domain/traffic/minimums';
import { tasksForAll } from '../../src/domain/traffic/need';
import { closed } from '../../src/domain/traffic/weights';
import { closedNow } from '../../src/domain/windows/may-begin';
import { inZone } from '../../src/domain/windows/wall-clock';
import { defineStep } from '../../src/runtime/define-step';

export const closeService = defineStep({
  name: 'CloseService',
  uses: {
    fleetReader,
    boundsReader,
    trafficShifter,
    recordReader,
    recordWriter,
    settingsStore,
    events,
    people,
  },
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
    // the database may have kept it waiting until nobody expects it any more
    const late = closedNow({ deployment, windows: await windowsNow(ports.settingsStore, settings), now });
    if (late) return { status: 'refused' as const, closedAt: null, cause: `${late}; nothing was changed` };

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
    await ports.people.tell(
      `${service}: maintenance has begun`,
      `users get the maintenance page since ${inZone(now.getTime(), settings.windows.timeZone)}`,
      id,
    );
    return { status: 'closed' as const, closedAt, cause: '' };
  },
});
