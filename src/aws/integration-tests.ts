import { taskProgress } from '../domain/database/migration-task';
import type { Deployment } from '../domain/deployment/deployment';
import type { testMark } from '../domain/deployment/names';
import { named, type TaskTest, type TestResult, testName } from '../domain/evidence/smoke-tests';
import { lastWords } from '../domain/privacy/last-words';
import { overdue } from '../domain/time/deadline';
import { type Claims, claims } from './journal';
import { type TaskLog, taskLog } from './task-log';
import { succeeded, type TaskReader, type TaskRunner, taskReader, taskRunner } from './tasks';

/** What it takes to run the tasks that test green. */
export const integrationTests = { claims, taskRunner, taskReader, taskLog };
interface Ports {
  claims: Claims;
  taskRunner: TaskRunner;
  taskReader: TaskReader;
  taskLog: TaskLog;
}

/** Where green answers; nothing of a pure worker, which answers nobody. */
export type Where = { baseUrl?: string; host?: string };

/** Starts the task if that has not happened, and says how it stands; a failure has its exit code and its last words. */
export async function integrationTest(
  test: TaskTest,
  startedBy: ReturnType<typeof testMark>,
  { deployment: { id, settings }, where, now }: { deployment: Deployment; where: Where; now: Date },
  ports: Ports,
): Promise<{ result: TestResult; startedAt: string }> {
  const { taskDefinition, container, command, timeoutSeconds, log } = test.task;
  const { baseUrl, host } = where;
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
        result: { ...named(test), status: 'failed', because: `${name} failed: ${run.cause}` },
        startedAt: now.toISOString(),
      };
    started = await ports.claims.claim(id, startedBy, { task: run.task, at: now.toISOString() });
  }
  const state = await ports.taskReader.state(settings.cluster, started.task);
  const late = overdue(started.at, now, timeoutSeconds);
  const progress = taskProgress(state, succeeded(state, [container]), late);
  const status = progress.status === 'succeeded' ? 'passed' : progress.status;
  const said =
    status === 'failed' && log
      ? lastWords(await ports.taskLog.last(log, container, started.task).catch(() => []))
      : '';
  return {
    result: {
      ...named(test),
      status,
      because: `${name} ${status === 'running' ? 'runs' : status}: ${progress.cause}${said && `; ${said}`}`,
    },
    startedAt: started.at,
  };
}
