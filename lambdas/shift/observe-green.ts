import * as z from 'zod/mini';
import { alarmWatch } from '../../src/aws/alarms';
import { controlReader } from '../../src/aws/controls';
import { fleetReader, stoppedTasks } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import { testRequests } from '../../src/aws/smoke-tests';
import { healthReader, testUrl } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { judgeAlarms } from '../../src/domain/evidence/alarms';
import { judgeClientErrors } from '../../src/domain/evidence/client-errors';
import { judgeDatabase } from '../../src/domain/evidence/database';
import { judgeErrors } from '../../src/domain/evidence/errors';
import { crashesSince, judgeFleet } from '../../src/domain/evidence/fleet';
import { judgeLatency, type Period } from '../../src/domain/evidence/latency';
import { judgeMetrics, type Moments, wantedOf } from '../../src/domain/evidence/metrics';
import {
  batchOf,
  judgeTestRequests,
  type TestBatch,
  testBatchSchema,
  testRequestsOf,
  withoutTests,
} from '../../src/domain/evidence/test-requests';
import { greenVerdict } from '../../src/domain/evidence/verdict';
import { observeGreenResult } from '../../src/domain/results/shift';
import { whoDecides } from '../../src/domain/rollback/decider';
import type { Settings } from '../../src/domain/settings/settings';
import { serviceIn } from '../../src/domain/settings/slots';
import type { Opened } from '../../src/domain/step/port';
import { secondsSince } from '../../src/domain/time/deadline';
import { afterLook, baselineStart, isAsked } from '../../src/domain/traffic/bake';
import { oftenFor } from '../../src/domain/traffic/observation-interval';
import { type Hold, holdText } from '../../src/domain/traffic/pause';
import { vitals } from '../../src/postgres/vitals';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  metrics,
  healthReader,
  fleetReader,
  stoppedTasks,
  vitals,
  alarmWatch,
  claims,
  controlReader,
  testUrl,
  testRequests,
};

/** So many published periods have to be there before users alone are trusted. */
const EARLY_PERIODS = 2;

export const observeGreen = defineStep({
  name: 'ObserveGreen',
  uses,
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    shift: shiftSchema,
    /** What green was asked at the looks before. */
    tests: z.array(testBatchSchema),
  }),
  output: observeGreenResult,
  async run({ deployment, live, green, shift, tests, now }, ports) {
    const { settings, steps } = deployment;
    const inPlace = green.slot === live.slot;
    const { cluster, database, thresholds, deadlines, evidence: own } = settings;
    const bakeSeconds = steps[shift.step]?.bakeSeconds ?? settings.bakeSeconds;
    const since = new Date(shift.since);
    const elapsedSeconds = secondsSince(shift.since, now);
    const blueSince = new Date(baselineStart(shift, bakeSeconds, thresholds.periodSeconds, live.aloneSince));
    // rolled out in place, both versions are counted in one slot: blue's minutes end where the rollout began
    const blueUntil = inPlace ? new Date(shift.firstAt) : now;
    const service = serviceIn(settings, green.slot);
    const moments: Moments = {
      baseline: baselineStart(
        { ...shift, greenPercent: 100 },
        bakeSeconds,
        thresholds.periodSeconds,
        live.aloneSince,
      ),
      firstAt: Date.parse(shift.firstAt),
      since: since.getTime(),
      blueUntil: blueUntil.getTime(),
      now: now.getTime(),
      greenPercent: shift.greenPercent,
    };
    const whose = { green: green.slot, blue: live.slot };
    const [counted, bluePeriods, health, fleet, stops, doing, alarms, looked, before, control] =
      await Promise.all([
        ports.metrics.periods(settings, green.slot, since, now),
        ports.metrics.periods(settings, live.slot, blueSince, blueUntil),
        ports.healthReader.of(settings, green.slot),
        ports.fleetReader.state(cluster, service),
        ports.stoppedTasks.of(cluster, service),
        ports.vitals.of(database.secret, thresholds.blockedSeconds),
        ports.alarmWatch.since(own.alarms, new Date(shift.firstAt)),
        Promise.all(own.metrics.map((metric) => ports.metrics.own(metric, wantedOf(metric, moments), whose))),
        ports.claims.claimed(deployment.id, 'vitals-before'),
        ports.controlReader.read(deployment.id),
      ]);
    const secondsOf = (periods: readonly Period[]) =>
      Math.max(0, ((periods.at(-1)?.until ?? 0) - since.getTime()) / 1000);
    const tested = judgeTestRequests(tests, bluePeriods, thresholds);
    // where there are minutes to judge by, users tell more; in place the test listener leads to the slot that is not live
    const suspected = tested.verdict === 'undecided';
    const early = secondsOf(counted) < EARLY_PERIODS * thresholds.periodSeconds || suspected;
    const asked = tests.at(-1)?.at;
    const due = isAsked(
      { elapsedSeconds, bakeSeconds, suspected },
      asked === undefined ? undefined : secondsSince(shift.since, new Date(asked)),
    );
    const batches = early && due && !inPlace ? [...tests, ...(await askGreen(settings, now, ports))] : tests;
    const periods = withoutTests(counted, batches, thresholds.periodSeconds);
    const sides = { green: periods, blue: bluePeriods, sameMinutes: shift.greenPercent < 100 };
    const served = settings.traffic !== null;
    const evidence = {
      ...(served && {
        errors: judgeErrors(sides, thresholds),
        clientErrors: judgeClientErrors(sides, thresholds),
        latency: judgeLatency(sides, thresholds),
        testRequests: judgeTestRequests(batches, bluePeriods, thresholds),
      }),
      fleet: judgeFleet({
        ...health,
        served,
        desired: fleet?.desired ?? 0,
        crashes: crashesSince(stops, Date.parse(shift.firstAt)),
      }),
      database: judgeDatabase(doing, before ?? null, thresholds),
      ...(own.alarms.length > 0 && {
        alarms: judgeAlarms(alarms, { alarms: own.alarms, accepted: deployment.acceptAlarms }),
      }),
      ...(own.metrics.length > 0 && { metrics: judgeMetrics(looked, moments) }),
    };
    const judged = greenVerdict(Object.values(evidence));
    // the operator's clock is another one: a pause counts from the look that saw it first
    const hold: Hold | undefined = control && {
      control,
      seenSeconds: secondsSince(
        await ports.claims.claim(deployment.id, `control-seen#${control.at}`, now.toISOString()),
        now,
      ),
      limitSeconds: deadlines.pauseSeconds,
    };
    const publishedSeconds = secondsOf(periods);
    const { next, ...wait } = afterLook(judged, {
      elapsedSeconds,
      bakeSeconds,
      publishedSeconds,
      periodSeconds: served
        ? thresholds.periodSeconds
        : Math.max(0, ...own.metrics.map(({ periodSeconds }) => periodSeconds)),
      usersNeeded: served && thresholds.minimumRequests > 0,
      evidenceSeconds: deadlines.evidenceSeconds,
      lastStep: shift.step === steps.length - 1,
      suspected: evidence.testRequests?.verdict === 'undecided',
      often: oftenFor(own.metrics, steps.length),
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
      tests: batches,
      cause: [
        `${holdText(hold)}${served ? `at ${shift.greenPercent} % on green ` : ''}after ${Math.round(elapsedSeconds)} s: ${judged.because}`,
        ...judged.warnings.map((warning) => `warning: ${warning}`),
      ].join('; '),
    };
  },
});

async function askGreen(
  settings: Settings,
  now: Date,
  ports: Opened<Pick<typeof uses, 'testUrl' | 'testRequests'>>,
): Promise<TestBatch[]> {
  const tests = testRequestsOf(settings.smokeTests, settings.thresholds.testRequests);
  const base = tests.length > 0 ? await ports.testUrl.of(settings) : null;
  if (base === null) return [];
  return [batchOf(now, await ports.testRequests.askAll(base, tests, settings.traffic?.testHost))];
}
