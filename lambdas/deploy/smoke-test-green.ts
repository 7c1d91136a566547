import * as z from 'zod';
import { claims } from '../../src/aws/journal';
import { testUrl } from '../../src/aws/traffic';
import { deploymentSchema } from '../../src/domain/deployment';
import { VITALS_BEFORE } from '../../src/domain/marks';
import { vitals } from '../../src/postgres/vitals';
import { defineStep } from '../../src/runtime/define-step';

const TIMEOUT_MS = 5_000;

/** The status, or why there is none. */
async function statusOf(url: string): Promise<number | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return `no answer (${(error as Error & { cause?: Error }).cause?.message ?? (error as Error).message})`;
  }
}

export const smokeTestGreen = defineStep({
  name: 'SmokeTestGreen',
  uses: { testUrl, vitals, claims },
  input: z.object({ deployment: deploymentSchema }),
  async run({ deployment: { id, settings } }, ports) {
    const { database, thresholds } = settings;
    const doing = await ports.vitals.of(database.secret, thresholds.blockedSeconds);
    // no user is on green yet: what hurts the database now is not its doing
    await ports.claims.claim(id, VITALS_BEFORE, doing);
    const base = await ports.testUrl.of(settings);
    const results: { path: string; expected: number; status: number | string }[] = [];
    for (const { path, status } of settings.smokeTests)
      results.push({ path, expected: status, status: await statusOf(`${base}${path}`) });
    const failed = results.filter(({ expected, status }) => status !== expected);
    return {
      passed: failed.length === 0,
      results,
      cause: failed
        .map(({ path, expected, status }) => `smoke test ${path} answered ${status} instead of ${expected}`)
        .join('; '),
    };
  },
});
