import * as z from 'zod/mini';
import { alarmReader } from '../../src/aws/alarms';
import { events } from '../../src/aws/announcements';
import { recordReader, recordWriter } from '../../src/aws/record';
import { healthReader, trafficShifter } from '../../src/aws/traffic';
import { openTraffic } from '../../src/aws/weights';
import { windowLength } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema } from '../../src/domain/deployment/variables';
import { alarmsAgainst } from '../../src/domain/evidence/alarms';
import { shiftTrafficResult } from '../../src/domain/results/shift';
import { nextLook } from '../../src/domain/traffic/observation-interval';
import { share } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({
  shifted: false,
  greenPercent: 0,
  closedSeconds: null,
  at: '',
  waitSeconds: 0,
  cause,
});

export const shiftTraffic = defineStep({
  name: 'ShiftTraffic',
  uses: { healthReader, alarmReader, trafficShifter, recordReader, recordWriter, events },
  fence: 'commit',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    step: z.int().check(z.nonnegative()),
  }),
  output: shiftTrafficResult,
  async run({ deployment, live, green, step, now }, ports) {
    const { settings } = deployment;
    const { service, evidence } = settings;
    const greenPercent = deployment.steps[step]?.percent ?? 100;
    const wanted = share(green.slot, greenPercent);

    const health = await ports.healthReader.of(settings, green.slot);
    if (health.healthy < green.desired)
      return refused(
        `green has ${health.healthy} healthy of ${green.desired} targets, so it gets no traffic`,
      );
    // the migrations took their time, and may be what set it off
    const against = alarmsAgainst(await ports.alarmReader.now(evidence.alarms), {
      alarms: evidence.alarms,
      accepted: deployment.acceptAlarms,
    });
    if (against) return refused(`${against}; green gets no traffic`);
    const { recorded, drift, set } = await openTraffic(ports, settings, live);
    if (drift !== undefined) return refused(drift);

    const before = { ...recorded, slot: live.slot };
    const notApplied = await set(wanted, {
      intended: { ...before, intended: wanted },
      after: { ...before, weights: wanted, intended: undefined, closedAt: undefined },
    });
    if (notApplied !== undefined) return refused(notApplied);
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent });
    const closedSeconds = windowLength(recorded.closedAt ?? null, now);
    if (closedSeconds !== null)
      await ports.events.put('ServiceOpened', { deployment: deployment.id, service, closedSeconds });
    const waitSeconds = nextLook(0, deployment.steps[step]?.bakeSeconds ?? settings.bakeSeconds);
    return { shifted: true, greenPercent, closedSeconds, at: now.toISOString(), waitSeconds, cause: '' };
  },
});
