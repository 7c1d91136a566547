import type { Deployment } from '../deployment/deployment';
import { type AlarmSeen, judgeAlarms } from './alarms';
import { judgeClientErrors } from './client-errors';
import { judgeDatabase, type VitalsRead } from './database';
import { judgeErrors } from './errors';
import { crashesSince, type Fleet, interruptionsSince, judgeFleet, type Stop } from './fleet';
import { judgeLatency, type Period } from './latency';
import { judgeMetrics, type Looked, type Moments } from './metrics';
import { judgeTestRequests, type TestBatch, withoutTests } from './test-requests';
import type { Evidence } from './verdict';

/** All that one look at green sees. */
export interface GreenSeen {
  /** As the load balancer counts them: the workflow's own requests with those of users. */
  periods: { green: Period[]; blue: Period[] };
  health: Pick<Fleet, 'healthy' | 'others'>;
  desired: number;
  stops: Stop[];
  vitals: VitalsRead;
  /** Before green opened its connections; null where nobody looked. */
  vitalsBefore: VitalsRead | null;
  alarms: AlarmSeen[];
  metrics: Looked[];
}

/** What there is to judge by, each piece by itself: of a pure worker, which answers nobody, nothing of requests. */
export interface GreenEvidence {
  errors?: Evidence;
  clientErrors?: Evidence;
  latency?: Evidence;
  testRequests?: Evidence;
  fleet: Evidence;
  database: Evidence;
  alarms?: Evidence;
  metrics?: Evidence;
}

/**
 * Judges every piece of a look.
 * @param tests what green was asked in this bake, this look included
 * @param moments of the bake
 */
export function judgeGreen(
  { settings, acceptAlarms }: Pick<Deployment, 'settings' | 'acceptAlarms'>,
  seen: GreenSeen,
  tests: readonly TestBatch[],
  moments: Moments,
): GreenEvidence {
  const { thresholds, evidence: own } = settings;
  const served = settings.traffic !== null;
  const { blue } = seen.periods;
  const green = withoutTests(seen.periods.green, tests, thresholds.periodSeconds);
  const streams = settings.streams !== null;
  const sides = { green, blue, sameMinutes: moments.greenPercent < 100, streams };
  return {
    ...(served && {
      errors: judgeErrors(sides, thresholds),
      clientErrors: judgeClientErrors(sides, thresholds),
      latency: judgeLatency(sides, thresholds),
      testRequests: judgeTestRequests(tests, blue, thresholds),
    }),
    fleet: judgeFleet({
      ...seen.health,
      served,
      desired: seen.desired,
      crashes: crashesSince(seen.stops, moments.firstAt),
      interrupted: interruptionsSince(seen.stops, moments.firstAt),
    }),
    database: judgeDatabase(seen.vitals, seen.vitalsBefore, thresholds),
    ...(own.alarms.length > 0 && {
      alarms: judgeAlarms(seen.alarms, { alarms: own.alarms, accepted: acceptAlarms }),
    }),
    ...(own.metrics.length > 0 && { metrics: judgeMetrics(seen.metrics, moments) }),
  };
}
