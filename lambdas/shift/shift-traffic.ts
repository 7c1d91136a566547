import * as z from 'zod/mini';
import { alarmReader } from '../../src/aws/alarms';
import { events, people } from '../../src/aws/announcements';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { OPEN, recordReader, recordWriter } from '../../src/aws/record';
import { slotsOf } from '../../src/aws/slots';
import { healthReader, trafficShifter } from '../../src/aws/traffic';
import { openTraffic } from '../../src/aws/weights';
import { windowLength } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema } from '../../src/domain/deployment/variables';
import { alarmsAgainst } from '../../src/domain/evidence/alarms';
import { shiftTrafficResult } from '../../src/domain/results/shift';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { tasksForAll, tasksForShare } from '../../src/domain/traffic/need';
import { nextLook, oftenFor } from '../../src/domain/traffic/observation-interval';
import { share } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

const notShifted = (cause: string, waitSeconds = 0) => ({
  shifted: false,
  waiting: waitSeconds > 0,
  greenPercent: 0,
  closedSeconds: null,
  at: '',
  waitSeconds,
  cause,
});

export const shiftTraffic = defineStep({
  name: 'ShiftTraffic',
  uses: {
    fleetReader,
    fleetScaler,
    healthReader,
    alarmReader,
    trafficShifter,
    recordReader,
    recordWriter,
    events,
    people,
  },
  fence: 'commit',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    step: z.int().check(z.nonnegative()),
    /** Since when this step is asked for. */
    since: z.iso.datetime(),
  }),
  output: shiftTrafficResult,
  async run({ deployment, live, green, step, since, now }, ports) {
    const { settings } = deployment;
    const { service, cluster, deadlines, evidence } = settings;
    const greenPercent = deployment.steps[step]?.percent ?? 100;
    const wanted = share(green.slot, greenPercent);

    const [{ recorded, weights, drift, set }, { tasks }, { healthy }] = await Promise.all([
      openTraffic(ports, settings, live),
      slotsOf(ports, settings),
      ports.healthReader.of(settings, green.slot),
    ]);
    if (drift !== undefined) return notShifted(drift);
    const all = tasksForAll(tasks, weights, recorded.tasks);
    const needed = tasksForShare(all, greenPercent);
    if (healthy < needed) {
      const short = `green has ${healthy} healthy of the ${needed} tasks that ${greenPercent} % of the users need`;
      const late = overdue(since, now, deadlines.greenSeconds);
      if (late) return notShifted(`${short} after ${late}, so it gets no more traffic`);
      if (tasks[green.slot].desired < needed) {
        await ports.recordWriter.write(service, { ...recorded, tasks: all });
        await ports.fleetScaler.scale(cluster, serviceIn(settings, green.slot), needed);
      }
      return notShifted(short, nextShortPoll(since, now));
    }
    // the migrations took their time, and may be what set it off
    const against = alarmsAgainst(await ports.alarmReader.now(evidence.alarms), {
      alarms: evidence.alarms,
      accepted: deployment.acceptAlarms,
    });
    if (against) return notShifted(`${against}; green gets no traffic`);

    const before = { ...recorded, slot: live.slot, tasks: all };
    const notApplied = await set(wanted, {
      intended: { ...before, intended: wanted },
      after: { ...before, ...OPEN, weights: wanted },
    });
    if (notApplied !== undefined) return notShifted(notApplied);
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent });
    const closedSeconds = windowLength(recorded.closedAt ?? null, now);
    if (closedSeconds !== null) {
      await ports.events.put('ServiceOpened', { deployment: deployment.id, service, closedSeconds });
      await ports.people.tell(
        `${service}: maintenance is over`,
        `users are served again, after ${closedSeconds} s`,
        deployment.id,
      );
    }
    const waitSeconds = nextLook(
      0,
      deployment.steps[step]?.bakeSeconds ?? settings.bakeSeconds,
      oftenFor(evidence.metrics, deployment.steps.length),
    );
    return {
      shifted: true,
      waiting: false,
      greenPercent,
      closedSeconds,
      at: now.toISOString(),
      waitSeconds,
      cause: '',
    };
  },
});
