import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { recordReader, recordWriter, withoutDeployment } from '../../src/aws/record';
import { healthReader, trafficShifter } from '../../src/aws/traffic';
import { openTraffic } from '../../src/aws/weights';
import { windowLength } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { returnTrafficResult } from '../../src/domain/results/return';
import { allOn, isClosed } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({ returned: false, closedSeconds: null, at: '', cause });

export const returnTraffic = defineStep({
  name: 'ReturnTraffic',
  uses: { healthReader, trafficShifter, recordReader, recordWriter, events },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: returnTrafficResult,
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const { service } = settings;
    const wanted = allOn(live.slot);
    const [{ recorded, drift, set }, blue] = await Promise.all([
      openTraffic(ports, settings, live, wanted),
      ports.healthReader.of(settings, live.slot),
    ]);
    if (drift !== undefined) return refused(drift);
    // a load balancer without healthy targets sends to all of them: there is nothing to return to
    if (blue.healthy === 0) return refused('blue has no healthy target, so traffic stays where it is');
    // nothing is recorded before the change: traffic returns first
    const notApplied = await set(wanted, { after: withoutDeployment(recorded, deployment.id, live, wanted) });
    if (notApplied !== undefined) return refused(notApplied);
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent: 0 });
    const closedSeconds = isClosed(recorded.weights) ? windowLength(recorded.closedAt ?? null, now) : null;
    if (closedSeconds !== null)
      await ports.events.put('ServiceOpened', { deployment: deployment.id, service, closedSeconds });
    return { returned: true, closedSeconds, at: now.toISOString(), cause: '' };
  },
});
