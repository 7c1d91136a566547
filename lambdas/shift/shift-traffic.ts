import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { type Live, recordReader, recordWriter } from '../../src/aws/record';
import { healthReader, trafficShifter } from '../../src/aws/traffic';
import { windowLength } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema } from '../../src/domain/deployment/variables';
import { shiftTrafficResult } from '../../src/domain/results/shift';
import { nextLook } from '../../src/domain/traffic/observation-interval';
import { allOn, notSet, share, stray } from '../../src/domain/traffic/weights';
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
  uses: { healthReader, trafficShifter, recordReader, recordWriter, events },
  acts: 'commit',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    step: z.int().check(z.nonnegative()),
  }),
  output: shiftTrafficResult,
  async run({ deployment, live, green, step, now }, ports) {
    const { settings } = deployment;
    const { service, traffic } = settings;
    const greenPercent = deployment.steps[step]?.percent ?? 100;
    const wanted = share(green.slot, greenPercent);

    const health = await ports.healthReader.of(settings, green.slot);
    if (health.healthy < green.desired)
      return refused(
        `green has ${health.healthy} healthy of ${green.desired} targets, so it gets no traffic`,
      );
    const recorded: Live = (await ports.recordReader.read(service)) ?? {
      slot: live.slot,
      weights: allOn(live.slot),
    };
    const rule = await ports.trafficShifter.open(traffic.productionRule, settings);
    const strayed = stray(rule.says, recorded);
    if (strayed !== undefined) return refused(strayed);

    await ports.recordWriter.write(service, { ...recorded, slot: live.slot, intended: wanted });
    const after = await rule.set(wanted);
    const unset = notSet(after, wanted);
    if (unset !== undefined) return refused(unset);
    await ports.recordWriter.write(service, {
      ...recorded,
      slot: live.slot,
      weights: wanted,
      intended: undefined,
      closedAt: undefined,
    });
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent });
    const closedSeconds = windowLength(recorded.closedAt ?? null, now);
    if (closedSeconds !== null)
      await ports.events.put('ServiceOpened', { deployment: deployment.id, service, closedSeconds });
    const waitSeconds = nextLook(0, deployment.steps[step]?.bakeSeconds ?? settings.bakeSeconds);
    return { shifted: true, greenPercent, closedSeconds, at: now.toISOString(), waitSeconds, cause: '' };
  },
});
