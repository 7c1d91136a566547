import { MINIMUM_PERIODS } from '../evidence/latency';
import { longestWave } from '../evidence/performance';
import { isPerformance, isTask } from '../evidence/smoke-tests';
import type { Settings } from '../settings/settings';
import { EXECUTION_TIMEOUT_SECONDS } from '../time/limits';
import type { Deployment } from './deployment';
import { stepsOf, usualStrategy } from './strategy';

/** For retries, and for people. */
const RESERVE_SECONDS = 86_400;

/**
 * What cannot work out however well the release does, one line each: a bake that ends before its evidence can be there,
 * and a deployment that its own time limit would end. Found before anything happens, not after a day of baking.
 */
export function infeasible({ strategy, settings }: Pick<Deployment, 'strategy' | 'settings'>): string[] {
  const steps = stepsOf(strategy === 'AUTO' ? usualStrategy(settings) : strategy, settings);
  return [...hasty(steps, settings), ...endless(steps, settings)];
}

function hasty(steps: { bakeSeconds: number }[], settings: Settings): string[] {
  const { thresholds, deadlines, evidence } = settings;
  const shortest = Math.min(...steps.map(({ bakeSeconds }) => bakeSeconds));
  const needs = [
    {
      what: 'latency',
      periods: !settings.traffic || thresholds.latencyIncrease === null ? 0 : MINIMUM_PERIODS,
      periodSeconds: thresholds.periodSeconds,
      remedy: 'set thresholds.latencyIncrease to null to judge without latency',
    },
    ...evidence.metrics.map(({ namespace, metric, periods, periodSeconds, missingData }) => ({
      what: `${namespace}/${metric}`,
      periods: missingData === 'healthy' ? 0 : periods,
      periodSeconds,
      remedy: "let its missingData be healthy in the settings' evidence.metrics",
    })),
  ];
  return needs
    .map((need) => ({ ...need, needed: need.periods * need.periodSeconds }))
    .filter(({ needed }) => shortest + deadlines.evidenceSeconds < needed)
    .map(
      ({ what, periods, periodSeconds, needed, remedy }) =>
        `request.bakeSeconds: ${what} needs ${periods} periods of ${periodSeconds} s, and a bake of ${shortest} s ends with all of its ${deadlines.evidenceSeconds} s for late evidence before; bake for ${needed} s, or ${remedy}`,
    );
}

function endless(steps: { bakeSeconds: number }[], settings: Settings): string[] {
  const { deadlines, soakSeconds, approval, rollback, smokeTests, streams, workers } = settings;
  const { evidenceSeconds, greenSeconds } = deadlines;
  // each step may wait for green's tasks
  const bakes = steps.reduce((sum, { bakeSeconds }) => sum + bakeSeconds + evidenceSeconds + greenSeconds, 0);
  const people = approval.timeoutSeconds + rollback.timeoutSeconds;
  const phases = Object.values(deadlines).reduce((sum, seconds) => sum + seconds, soakSeconds);
  const draining = streams?.drainSeconds ?? 0;
  // deciding about the schema and concluding have the rollback's time once more each; so have the trials, and deciding
  // again after one that fails
  const rollbacks = 3 * deadlines.rollbackSeconds;
  const trials = settings.trial ? 4 * deadlines.rollbackSeconds : 0;
  // a database that is busy is waited for before the service is closed, and again for the snapshot
  const closing = settings.maintenance ? deadlines.snapshotSeconds : 0;
  const tests =
    Math.max(0, ...smokeTests.filter(isTask).map(({ task }) => task.timeoutSeconds)) +
    smokeTests
      .filter(isPerformance)
      .reduce((sum, { performance }) => sum + longestWave(performance, settings.thresholds), 0);
  // some move before the shift and some behind it, where green is looked at meanwhile and afterwards; and they come back
  const moves = workers.length > 0 ? 2 * (greenSeconds + evidenceSeconds) + deadlines.rollbackSeconds : 0;
  const all = bakes + people + phases + rollbacks + trials + closing + tests + draining + moves;
  const most = EXECUTION_TIMEOUT_SECONDS - RESERVE_SECONDS;
  if (all <= most) return [];
  return [
    `request.bakeSeconds: the bakes, the approval and the deadlines of all phases together may take ${all} s, and a deployment has ${most} s; bake shorter or set shorter deadlines`,
  ];
}
