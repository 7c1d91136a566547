import * as z from 'zod';
import { metrics } from '../../src/aws/metrics';
import { healthReader } from '../../src/aws/traffic';
import { afterLook, baselineStart } from '../../src/domain/bake';
import { secondsSince } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
import { greenSchema, liveSchema, shiftSchema } from '../../src/domain/live';
import { judge, type Verdict } from '../../src/domain/verdict';
import { defineStep } from '../../src/runtime/define-step';

export const observeGreen = defineStep({
  name: 'ObserveGreen',
  uses: { metrics, healthReader },
  input: z.object({ deployment: deploymentSchema, live: liveSchema, green: greenSchema, shift: shiftSchema }),
  async run({ deployment, live, green, shift, now }, ports) {
    const { settings, steps } = deployment;
    const bakeSeconds = steps[shift.step]?.bakeSeconds ?? settings.bakeSeconds;
    const since = new Date(shift.since);
    const blueSince = new Date(baselineStart(shift, bakeSeconds));
    // rolled out in place, both versions are counted in one slot: blue's minutes end where the rollout began
    const blueUntil = green.slot === live.slot ? new Date(shift.firstAt) : now;
    const [greenAnswers, blueAnswers, health] = await Promise.all([
      ports.metrics.answers(settings, green.slot, since, now),
      ports.metrics.answers(settings, live.slot, blueSince, blueUntil),
      ports.healthReader.of(settings, green.slot),
    ]);
    const judged: Verdict =
      health.healthy === 0
        ? { verdict: 'unhealthy', because: 'no target of green is healthy' }
        : judge(greenAnswers, blueAnswers, settings.thresholds);
    const elapsedSeconds = secondsSince(shift.since, now);
    const { next, ...wait } = afterLook(judged, {
      elapsedSeconds,
      bakeSeconds,
      evidenceSeconds: settings.deadlines.evidenceSeconds,
      lastStep: shift.step === steps.length - 1,
    });
    return {
      verdict: judged.verdict,
      next,
      waitSeconds: 1,
      ...wait,
      evidence: { green: greenAnswers, blue: blueAnswers, elapsedSeconds },
      cause: `at ${shift.greenPercent} % on green after ${Math.round(elapsedSeconds)} s: ${judged.because}`,
    };
  },
});
