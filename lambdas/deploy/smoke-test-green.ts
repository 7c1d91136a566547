import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { testFunctions, testRequests } from '../../src/aws/smoke-tests';
import { succeeded, taskReader, taskRunner } from '../../src/aws/tasks';
import { testUrl } from '../../src/aws/traffic';
import { taskProgress } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { testMark } from '../../src/domain/deployment/names';
import {
  isTask,
  judgeAnswer,
  judgeFunction,
  type SmokeTest,
  summarise,
  type TaskTest,
  type TestResult,
  testName,
} from '../../src/domain/evidence/smoke-tests';
import { smokeTestGreenResult } from '../../src/domain/results/deploy';
import type { Settings } from '../../src/domain/settings/settings';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

const uses = { testUrl, claims, testRequests, testFunctions, taskRunner, taskReader };
type SmokePorts = Opened<typeof uses>;

export const smokeTestGreen = defineStep({
  name: 'SmokeTestGreen',
  uses,
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment }),
  output: smokeTestGreenResult,
  async run({ deployment, now }, ports) {
    const { settings } = deployment;
    const { smokeTests } = settings;
    const base = await ports.testUrl.of(settings);
    const answered = await askOnce(deployment, base, ports);
    const tasks = summarise(answered).status === 'failed' ? [] : await tasksOf(deployment, base, now, ports);
    const results = [...answered, ...tasks.map(({ result }) => result)];
    const { status, cause } = summarise(results);
    const since = tasks.map(({ startedAt }) => startedAt).sort()[0] ?? now.toISOString();
    return { status, waitSeconds: nextPoll(since, now, longest(smokeTests)), results, cause };
  },
});

const longest = (tests: SmokeTest[]) =>
  Math.max(1, ...tests.filter(isTask).map(({ task }) => task.timeoutSeconds));

/** Where green answers, for functions and tasks; nothing of a pure worker, which answers nobody. */
const placeOf = (base: string | null, { traffic }: Settings): { baseUrl?: string; host?: string } =>
  base === null ? {} : { baseUrl: base, host: traffic?.testHost ?? new URL(base).hostname };

/** Requests and functions, all at the same time and, while tasks are waited for, not again. */
async function askOnce(
  deployment: Deployment,
  base: string | null,
  ports: SmokePorts,
): Promise<TestResult[]> {
  const { id, image, settings } = deployment;
  const known = await ports.claims.claimed(id, 'smoke-results');
  if (known) return known;
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
  return ports.claims.claim(id, 'smoke-results', results);
}

const tasksOf = ({ id, settings }: Deployment, base: string | null, now: Date, ports: SmokePorts) =>
  Promise.all(
    settings.smokeTests
      .filter(isTask)
      .map((test, index) => taskOf(test, testMark(index, id), { id, settings, base, now }, ports)),
  );

/** Starts the task if that has not happened, and says how it stands. */
async function taskOf(
  test: TaskTest,
  startedBy: ReturnType<typeof testMark>,
  { id, settings, base, now }: Pick<Deployment, 'id' | 'settings'> & { base: string | null; now: Date },
  ports: SmokePorts,
): Promise<{ result: TestResult; startedAt: string }> {
  const { taskDefinition, container, command, timeoutSeconds } = test.task;
  const { baseUrl, host } = placeOf(base, settings);
  const name = testName(test);
  let started = await ports.claims.claimed(id, startedBy);
  if (!started) {
    const run = await ports.taskRunner.run({
      cluster: settings.cluster,
      taskDefinition,
      instead: {
        container,
        command,
        environment:
          baseUrl && host
            ? [
                { name: 'GREENLIGHT_BASE_URL', value: baseUrl },
                { name: 'GREENLIGHT_HOST', value: host },
              ]
            : [],
      },
      network: settings.migrations,
      startedBy,
    });
    if (!run.started)
      return {
        result: { test: name, status: 'failed', because: `${name} failed: ${run.cause}` },
        startedAt: now.toISOString(),
      };
    started = await ports.claims.claim(id, startedBy, { task: run.task, at: now.toISOString() });
  }
  const state = await ports.taskReader.state(settings.cluster, started.task);
  const late = overdue(started.at, now, timeoutSeconds);
  const progress = taskProgress(state, succeeded(state, [container]), late);
  const status = progress.status === 'succeeded' ? 'passed' : progress.status;
  return {
    result: {
      test: name,
      status,
      because: `${name} ${status === 'running' ? 'runs' : status}: ${progress.cause}`,
    },
    startedAt: started.at,
  };
}
