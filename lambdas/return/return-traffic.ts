import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { type Metrics, metrics } from '../../src/aws/metrics';
import { recordReader, recordWriter, withoutDeployment } from '../../src/aws/record';
import { slotsOf } from '../../src/aws/slots';
import { type HealthReader, healthReader, trafficShifter } from '../../src/aws/traffic';
import { openTraffic } from '../../src/aws/weights';
import { windowLength } from '../../src/domain/database/maintenance-window';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { returnTrafficResult } from '../../src/domain/results/return';
import { otherSlot, type Slot } from '../../src/domain/settings/choices';
import type { Settings } from '../../src/domain/settings/settings';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { lately, type MayReturn, mayReturn, tasksForAll } from '../../src/domain/traffic/need';
import { allOn, isClosed, sameWeights } from '../../src/domain/traffic/weights';
import { defineStep } from '../../src/runtime/define-step';

/** A load balancer publishes by the minute, and one to three minutes late. */
const PUBLISHED_SECONDS = 300;

const notReturned = (cause: string, waitSeconds = 0) => ({
  returned: false,
  waiting: waitSeconds > 0,
  closedSeconds: null,
  at: '',
  waitSeconds,
  cause,
});

/** How green serves those who would wait on it. */
async function howGreenServes(
  ports: { healthReader: HealthReader; metrics: Metrics },
  settings: Settings,
  slot: Slot,
  now: Date,
) {
  const from = new Date(now.getTime() - PUBLISHED_SECONDS * 1000);
  const [{ healthy }, periods] = await Promise.all([
    ports.healthReader.of(settings, slot),
    ports.metrics.periods(settings, slot, from, now),
  ]);
  return { healthy, ...lately(periods) };
}

export const returnTraffic = defineStep({
  name: 'ReturnTraffic',
  uses: {
    fleetReader,
    fleetScaler,
    healthReader,
    metrics,
    trafficShifter,
    recordReader,
    recordWriter,
    events,
    people,
  },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema, since: z.iso.datetime() }),
  output: returnTrafficResult,
  async run({ deployment, live, since, now }, ports) {
    const { settings } = deployment;
    const { service, cluster, deadlines } = settings;
    const wanted = allOn(live.slot);
    const [{ recorded, weights, drift, set }, { tasks }, { healthy }] = await Promise.all([
      openTraffic(ports, settings, live, wanted),
      slotsOf(ports, settings),
      ports.healthReader.of(settings, live.slot),
    ]);
    if (drift !== undefined) return notReturned(drift);
    const needed = tasksForAll(tasks, weights, recorded.tasks);
    // asked only where it decides, because usually blue has its tasks, and traffic returns at once
    const decides = healthy < needed && !sameWeights(weights, wanted);
    const decision: MayReturn = decides
      ? mayReturn({
          needed,
          healthy,
          green: await howGreenServes(ports, settings, otherSlot(live.slot), now),
          late: overdue(since, now, deadlines.rollbackSeconds),
        })
      : { do: 'return', because: '' };
    if (decision.do === 'refuse') return notReturned(decision.because);
    const scale = () => ports.fleetScaler.scale(cluster, serviceIn(settings, live.slot), needed);
    const lacks = tasks[live.slot].desired < needed;
    if (decision.do === 'wait') {
      if (lacks) {
        await ports.recordWriter.write(service, { ...recorded, tasks: needed });
        await scale();
      }
      return notReturned(decision.because, nextShortPoll(since, now));
    }
    const scaled = lacks ? scale() : undefined;
    // nothing is recorded before the change: traffic returns first
    const [notApplied] = await Promise.all([
      set(wanted, {
        after: withoutDeployment(recorded, deployment.id, live, {
          weights: wanted,
          tasks: Math.max(needed, tasks[live.slot].desired),
        }),
      }),
      scaled,
    ]);
    if (notApplied !== undefined) return notReturned(notApplied);
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent: 0 });
    const closedSeconds = isClosed(recorded.weights) ? windowLength(recorded.closedAt ?? null, now) : null;
    if (closedSeconds !== null) {
      await ports.events.put('ServiceOpened', { deployment: deployment.id, service, closedSeconds });
      await ports.people.tell(
        `${service}: maintenance is over`,
        `users are served again, after ${closedSeconds} s`,
        deployment.id,
      );
    }
    return {
      returned: true,
      waiting: false,
      closedSeconds,
      at: now.toISOString(),
      waitSeconds: 0,
      cause: decision.because && `users went back to ${decision.because}`,
    };
  },
});
