import * as z from 'zod/mini';
import { alarmWatch } from '../../src/aws/alarms';
import { controlReader } from '../../src/aws/controls';
import { fleetReader, stoppedTasks } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import { testRequests } from '../../src/aws/smoke-tests';
import { healthReader, testUrl } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { greenSchema, liveSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { type GreenSeen, judgeGreen } from '../../src/domain/evidence/green';
import type { Period } from '../../src/domain/evidence/latency';
import { type Moments, wantedOf } from '../../src/domain/evidence/metrics';
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
import { readerOf } from '../../src/domain/settings/roles';
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

const lookSchema = z.object({
  deployment: checkedDeployment,
  live: liveSchema,
  green: greenSchema,
  shift: shiftSchema,
});
type Look = z.infer<typeof lookSchema> & { bakeSeconds: number; now: Date };

export const observeGreen = defineStep({
  name: 'ObserveGreen',
  uses,
  fence: 'renew',
  input: z.object({
    ...lookSchema.shape,
    /** When its workers last went on to move; null before. */
    acquittedAt: z.nullable(z.iso.datetime()),
    /** What green was asked at the looks before. */
    tests: z.array(testBatchSchema),
  }),
  output: observeGreenResult,
  async run({ deployment, live, green, shift, acquittedAt, tests, now }, ports) {
    const { settings, steps } = deployment;
    const { thresholds, deadlines, evidence: own } = settings;
    const bakeSeconds = steps[shift.step]?.bakeSeconds ?? settings.bakeSeconds;
    const elapsedSeconds = secondsSince(shift.since, now);
    const [{ seen, moments }, hold] = await Promise.all([
      lookAtGreen({ deployment, live, green, shift, bakeSeconds, now }, ports),
      holdOf(deployment, now, ports),
    ]);
    const secondsOf = (periods: readonly Period[]) =>
      Math.max(0, ((periods.at(-1)?.until ?? 0) - moments.since) / 1000);

    const suspected = judgeTestRequests(tests, seen.periods.blue, thresholds).verdict === 'undecided';
    const asked = tests.at(-1)?.at;
    const askedSeconds = asked === undefined ? undefined : secondsSince(shift.since, new Date(asked));
    // where there are minutes to judge by, users tell more; in place the test listener leads to the slot that is not live
    const early = suspected || secondsOf(seen.periods.green) < EARLY_PERIODS * thresholds.periodSeconds;
    const inPlace = green.slot === live.slot;
    const due = early && !inPlace && isAsked({ elapsedSeconds, bakeSeconds, suspected }, askedSeconds);
    const batches = due ? [...tests, ...(await askGreen(settings, now, ports))] : tests;

    const evidence = judgeGreen(deployment, seen, batches, moments);
    const judged = greenVerdict(Object.values(evidence));
    const served = settings.traffic !== null;
    const publishedSeconds = secondsOf(withoutTests(seen.periods.green, batches, thresholds.periodSeconds));
    const { next, ...wait } = afterLook(judged, {
      elapsedSeconds,
      bakeSeconds,
      publishedSeconds,
      periodSeconds: served
        ? thresholds.periodSeconds
        : Math.max(0, ...own.metrics.map(({ periodSeconds }) => periodSeconds)),
      usersNeeded: served && thresholds.minimumRequests > 0,
      evidenceSeconds: deadlines.evidenceSeconds,
      acquittedSeconds: acquittedAt ? secondsSince(shift.since, new Date(acquittedAt)) : undefined,
      lastStep: shift.step === steps.length - 1,
      minimumSeconds: settings.limits.minimumBakeSeconds,
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
        `${holdText(hold, elapsedSeconds)}${served ? `at ${shift.greenPercent} % on green ` : ''}after ${Math.round(elapsedSeconds)} s: ${judged.because}`,
        ...judged.warnings.map((warning) => `warning: ${warning}`),
      ].join('; '),
    };
  },
});

type Ports = Opened<typeof uses>;

/** Everything at once, because what is judged together has to be of one moment. */
async function lookAtGreen(
  { deployment: { id, settings }, live, green, shift, bakeSeconds, now }: Look,
  ports: Ports,
): Promise<{ seen: GreenSeen; moments: Moments }> {
  const { cluster, thresholds, evidence: own } = settings;
  const { periodSeconds } = thresholds;
  const from = (greenPercent: number) =>
    baselineStart({ ...shift, greenPercent }, bakeSeconds, periodSeconds, live.aloneSince);
  const [firstAt, since] = [new Date(shift.firstAt), new Date(shift.since)];
  // rolled out in place, both versions are counted in one slot: blue's minutes end where the rollout began
  const blueUntil = green.slot === live.slot ? firstAt : now;
  const moments: Moments = {
    baseline: from(100),
    firstAt: firstAt.getTime(),
    since: since.getTime(),
    blueUntil: blueUntil.getTime(),
    now: now.getTime(),
    greenPercent: shift.greenPercent,
  };
  const service = serviceIn(settings, green.slot);
  const whose = { green: green.slot, blue: live.slot };
  const [ofGreen, ofBlue, health, fleet, stops, vitals, alarms, looked, before] = await Promise.all([
    ports.metrics.periods(settings, green.slot, since, now),
    ports.metrics.periods(settings, live.slot, new Date(from(shift.greenPercent)), blueUntil),
    ports.healthReader.of(settings, green.slot),
    ports.fleetReader.state(cluster, service),
    ports.stoppedTasks.of(cluster, service),
    ports.vitals.of(readerOf(settings), thresholds.blockedSeconds),
    ports.alarmWatch.since(own.alarms, firstAt),
    Promise.all(own.metrics.map((metric) => ports.metrics.own(metric, wantedOf(metric, moments), whose))),
    ports.claims.claimed(id, 'vitals-before'),
  ]);
  const periods = { green: ofGreen, blue: ofBlue };
  const desired = fleet?.desired ?? 0;
  const seen = { periods, health, desired, stops, vitals, alarms, metrics: looked };
  return { seen: { ...seen, vitalsBefore: before ?? null }, moments };
}

/** An operator's clock is another one: a pause counts from the look that saw it first. */
async function holdOf(
  { id, settings }: Pick<Deployment, 'id' | 'settings'>,
  now: Date,
  { controlReader, claims }: Pick<Ports, 'controlReader' | 'claims'>,
): Promise<Hold | undefined> {
  const control = await controlReader.read(id);
  if (!control) return undefined;
  const seen = await claims.claim(id, `control-seen#${control.at}`, now.toISOString());
  return { control, seenSeconds: secondsSince(seen, now), limitSeconds: settings.deadlines.pauseSeconds };
}

async function askGreen(
  settings: Settings,
  now: Date,
  ports: Pick<Ports, 'testUrl' | 'testRequests'>,
): Promise<TestBatch[]> {
  const tests = testRequestsOf(settings.smokeTests, settings.thresholds.testRequests);
  const base = tests.length > 0 ? await ports.testUrl.of(settings) : null;
  if (base === null) return [];
  return [batchOf(now, await ports.testRequests.askAll(base, tests, settings.traffic?.testHost))];
}
