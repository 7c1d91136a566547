import * as z from 'zod/mini';
import { integrationTest, integrationTests, type Where } from '../../src/aws/integration-tests';
import { performanceTest, performanceTests } from '../../src/aws/performance-tests';
import { testFunctions, testRequests } from '../../src/aws/smoke-tests';
import { testUrl } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { testMark } from '../../src/domain/deployment/names';
import { liveSchema } from '../../src/domain/deployment/variables';
import {
  isPerformance,
  isTask,
  judgeAnswer,
  judgeFunction,
  summarise,
  type TestResult,
} from '../../src/domain/evidence/smoke-tests';
import { smokeTestGreenResult } from '../../src/domain/results/deploy';
import type { Settings } from '../../src/domain/settings/settings';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

const uses = { testUrl, testRequests, testFunctions, ...integrationTests, ...performanceTests };
type SmokePorts = Opened<typeof uses>;

/** Between two parts of a wave, and while what they were like is waited for. */
const WAVE_POLL_SECONDS = 5;

export const smokeTestGreen = defineStep({
  name: 'SmokeTestGreen',
  uses,
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: smokeTestGreenResult,
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const base = await ports.testUrl.of(settings);
    const results = await askOnce(deployment, base, ports);
    let waitSeconds = 0;
    // a kind begins once the one before has passed: no wave is in the way of a test that is a task
    if (summarise(results).status === 'passed') {
      const tasks = await tasksOf(deployment, base, now, ports);
      results.push(...tasks.map(({ result }) => result));
      const since = tasks.map(({ startedAt }) => startedAt).sort()[0] ?? now.toISOString();
      waitSeconds = nextPoll(since, now, longest(settings));
    }
    for (const [index, test] of settings.smokeTests.filter(isPerformance).entries()) {
      if (base === null || summarise(results).status !== 'passed') break;
      results.push(await performanceTest(test, index, { deployment, live, base, now }, ports));
      waitSeconds = WAVE_POLL_SECONDS;
    }
    const { status, cause } = summarise(results);
    return { status, waitSeconds, results, cause };
  },
});

const longest = ({ smokeTests }: Settings) =>
  Math.max(1, ...smokeTests.filter(isTask).map(({ task }) => task.timeoutSeconds));

/** Where green answers, for functions and tasks. */
const placeOf = (base: string | null, { traffic }: Settings): Where =>
  base === null ? {} : { baseUrl: base, host: traffic?.testHost ?? new URL(base).hostname };

/** Requests and functions, all at the same time and, while other tests are waited for, not again. */
async function askOnce(
  deployment: Deployment,
  base: string | null,
  ports: SmokePorts,
): Promise<TestResult[]> {
  const { id, image, settings } = deployment;
  const known = await ports.claims.claimed(id, 'smoke-results');
  if (known) return [...known];
  const testHost = settings.traffic?.testHost;
  const event = { deploymentId: id, service: settings.service, image, ...placeOf(base, settings) };
  const results = await Promise.all(
    settings.smokeTests.flatMap((test) => {
      // a service without test listener has no such tests
      if ('path' in test)
        return base === null
          ? []
          : ports.testRequests.ask(base, test, testHost).then((answer) => judgeAnswer(test, answer));
      if ('lambda' in test)
        return ports.testFunctions.invoke(test.lambda, event).then((said) => judgeFunction(test, said));
      return [];
    }),
  );
  return [...(await ports.claims.claim(id, 'smoke-results', results))];
}

const tasksOf = (deployment: Deployment, base: string | null, now: Date, ports: SmokePorts) => {
  const { id, settings } = deployment;
  const where = placeOf(base, settings);
  return Promise.all(
    settings.smokeTests
      .filter(isTask)
      .map((test, index) => integrationTest(test, testMark(index, id), { deployment, where, now }, ports)),
  );
};
