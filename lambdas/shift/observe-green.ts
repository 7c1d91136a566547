import * as z from 'zod/mini';
import { alarmWatch } from '../../src/aws/alarms';
import { controlReader } from '../../src/aws/controls';
import { fleetReader, stoppedTasks } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import { healthReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { judgeAlarms } from '../../src/domain/evidence/alarms';
import { judgeClientErrors } from '../../src/domain/evidence/client-errors';
import { judgeDatabase } from '../../src/domain/evidence/database';
import { judgeErrors } from '../../src/domain/evidence/errors';
import { crashesSince, judgeFleet } from '../../src/domain/evidence/fleet';
import { judgeLatency } from '../../src/domain/evidence/latency';
import { greenVerdict } from '../../src/domain/evidence/verdict';
import { observeGreenResult } from '../../src/domain/results/shift';
import { whoDecides } from '../../src/domain/rollback/decider';
import { secondsSince } from '../../src/domain/time/deadline';
import { afterLook, baselineStart } from '../../src/domain/traffic/bake';
import { type Hold, holdText } from '../../src/domain/traffic/pause';
import { vitals } from '../../src/postgres/vitals';
import { defineStep } from '../../src/runtime/define-step';

export const observeGreen = defineStep({
  name: 'ObserveGreen',
  uses: { metrics, healthReader, fleetReader, stoppedTasks, vitals, alarmWatch, claims, controlReader },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    shift: shiftSchema,
  }),
  output: observeGreenResult,
  async run({ deployment, live, green, shift, now }, ports) {
    const { settings, steps } = deployment;
    const { cluster, slots, database, thresholds, deadlines, evidence: own } = settings;
    const bakeSeconds = steps[shift.step]?.bakeSeconds ?? settings.bakeSeconds;
    const since = new Date(shift.since);
    const blueSince = new Date(baselineStart(shift, bakeSeconds, thresholds.periodSeconds, live.aloneSince));
    // rolled out in place, both versions are counted in one slot: blue's minutes end where the rollout began
    const blueUntil = green.slot === live.slot ? new Date(shift.firstAt) : now;
    const { service } = slots[green.slot];
    const [periods, bluePeriods, health, fleet, stops, doing, alarms, before, control] = await Promise.all([
      ports.metrics.periods(settings, green.slot, since, now),
      ports.metrics.periods(settings, live.slot, blueSince, blueUntil),
      ports.healthReader.of(settings, green.slot),
      ports.fleetReader.state(cluster, service),
      ports.stoppedTasks.of(cluster, service),
      ports.vitals.of(database.secret, thresholds.blockedSeconds),
      ports.alarmWatch.since(own.alarms, new Date(shift.firstAt)),
      ports.claims.claimed(deployment.id, 'vitals-before'),
      ports.controlReader.read(deployment.id),
    ]);
    const sides = { green: periods, blue: bluePeriods, sameMinutes: shift.greenPercent < 100 };
    const evidence = {
      errors: judgeErrors(sides, thresholds),
      clientErrors: judgeClientErrors(sides, thresholds),
      latency: judgeLatency(sides, thresholds),
      fleet: judgeFleet({
        ...health,
        desired: fleet?.desired ?? green.desired,
        crashes: crashesSince(stops, Date.parse(shift.firstAt)),
      }),
      database: judgeDatabase(doing, before ?? null, thresholds),
      ...(own.alarms.length > 0 && {
        alarms: judgeAlarms(alarms, { alarms: own.alarms, accepted: deployment.acceptAlarms }),
      }),
    };
    const judged = greenVerdict(Object.values(evidence));
    const elapsedSeconds = secondsSince(shift.since, now);
    // the operator's clock is another one: a pause counts from the look that saw it first
    const hold: Hold | undefined = control && {
      control,
      seenSeconds: secondsSince(
        await ports.claims.claim(deployment.id, `control-seen#${control.at}`, now.toISOString()),
        now,
      ),
      limitSeconds: deadlines.pauseSeconds,
    };
    const publishedSeconds = Math.max(0, ((periods.at(-1)?.until ?? 0) - since.getTime()) / 1000);
    const { next, ...wait } = afterLook(judged, {
      elapsedSeconds,
      bakeSeconds,
      publishedSeconds,
      periodSeconds: thresholds.periodSeconds,
      evidenceSeconds: deadlines.evidenceSeconds,
      lastStep: shift.step === steps.length - 1,
      hold,
    });
    const waitSeconds = 'waitSeconds' in wait ? wait.waitSeconds : 0;
    return {
      verdict: judged.verdict,
      next,
      waitSeconds,
      // also for a next look that fails: nobody returns traffic then without being asked because this one was early
      // and by when it happened: how late the load balancer publishes must not decide who decides
      decides: whoDecides(shift, (publishedSeconds || elapsedSeconds) + waitSeconds, settings.rollback),
      warnings: judged.warnings,
      evidence,
      cause: [
        `${holdText(hold)}at ${shift.greenPercent} % on green after ${Math.round(elapsedSeconds)} s: ${judged.because}`,
        ...judged.warnings.map((warning) => `warning: ${warning}`),
      ].join('; '),
    };
  },
});
