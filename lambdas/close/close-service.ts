import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { recordReader, recordWriter } from '../../src/aws/record';
import { trafficShifter } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { closeServiceResult } from '../../src/domain/results/close';
import { allOn, closed, notSet, stray } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

export const closeService = defineStep({
  name: 'CloseService',
  uses: { trafficShifter, recordReader, recordWriter, events },
  acts: 'commit',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: closeServiceResult,
  async run({ deployment, live, now }, ports) {
    const { settings, id } = deployment;
    const { service, traffic } = settings;
    const recorded = (await ports.recordReader.read(service)) ?? {
      slot: live.slot,
      weights: allOn(live.slot),
    };
    const rule = await ports.trafficShifter.open(traffic.productionRule, settings);
    const strayed = stray(rule.says, recorded);
    if (strayed !== undefined)
      return { status: 'refused' as const, closedAt: null, cause: `${strayed}; nothing was changed` };

    const closedAt = now.toISOString();
    // before the change: whoever opens the service again says how long it was closed
    await ports.recordWriter.write(service, { ...recorded, slot: live.slot, intended: closed, closedAt });
    const after = await rule.set(closed);
    const unset = notSet(after, closed);
    if (unset !== undefined) return { status: 'unset' as const, closedAt, cause: unset };
    await ports.recordWriter.write(service, {
      ...recorded,
      slot: live.slot,
      weights: closed,
      intended: undefined,
      closedAt,
    });
    await ports.events.put('ServiceClosed', { deployment: id, service, at: closedAt });
    return { status: 'closed' as const, closedAt, cause: '' };
  },
});
