import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { type Live, recordReader, recordWriter, withoutDeployment } from '../../src/aws/record';
import { healthReader, trafficShifter } from '../../src/aws/traffic';
import { windowLength } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { returnTrafficResult } from '../../src/domain/results/return';
import { allOn, isClosed, notSet, stray } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({ returned: false, closedSeconds: null, at: '', cause });

export const returnTraffic = defineStep({
  name: 'ReturnTraffic',
  uses: { healthReader, trafficShifter, recordReader, recordWriter, events },
  acts: true,
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: returnTrafficResult,
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const { service, traffic } = settings;
    const wanted = allOn(live.slot);
    const [read, rule, blue] = await Promise.all([
      ports.recordReader.read(service),
      ports.trafficShifter.open(traffic.productionRule, settings),
      ports.healthReader.of(settings, live.slot),
    ]);
    const recorded: Live = read ?? { slot: live.slot, weights: wanted };
    // nothing is recorded before the change: traffic returns first
    const strayed = stray(rule.says, recorded, wanted);
    if (strayed !== undefined) return refused(strayed);
    // a load balancer without healthy targets sends to all of them: that is no way back
    if (blue.healthy === 0) return refused('blue has no healthy target, so traffic stays where it is');
    const after = await rule.set(wanted);
    const unset = notSet(after, wanted);
    if (unset !== undefined) return refused(unset);
    await ports.recordWriter.write(service, withoutDeployment(recorded, deployment.id, live, wanted));
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent: 0 });
    const closedSeconds = isClosed(recorded.weights) ? windowLength(recorded.closedAt ?? null, now) : null;
    if (closedSeconds !== null)
      await ports.events.put('ServiceOpened', { deployment: deployment.id, service, closedSeconds });
    return { returned: true, closedSeconds, at: now.toISOString(), cause: '' };
  },
});
