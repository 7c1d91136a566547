import * as z from 'zod/mini';
import { taskFinder, taskReader, taskStopper } from '../../src/aws/tasks';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { applicationName, startedBy, testMark } from '../../src/domain/deployment/names';
import { taskSchema } from '../../src/domain/deployment/variables';
import { isTask } from '../../src/domain/evidence/smoke-tests';
import { stopTasksResult } from '../../src/domain/results/revert';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue, secondsSince } from '../../src/domain/time/deadline';
import { FUNCTION_TIMEOUT_SECONDS } from '../../src/domain/time/limits';
import { interference } from '../../src/postgres/interference';
import { defineStep } from '../../src/runtime/define-step';

const uses = { taskFinder, taskReader, taskStopper, interference };

export const stopTasks = defineStep({
  name: 'StopTasks',
  uses,
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    migration: z.nullable(taskSchema),
    since: z.iso.datetime(),
    /** When this execution took over from another one; null in a deployment's own execution. */
    resumedAt: z.nullable(z.iso.datetime()),
  }),
  output: stopTasksResult,
  async run({ deployment, migration, since, resumedAt, now }, ports) {
    const { id, settings, manifest } = deployment;
    // its last function may still be at work, with the number that it was given when it began
    const settling = resumedAt === null ? 0 : FUNCTION_TIMEOUT_SECONDS - secondsSince(resumedAt, now);
    if (settling > 0)
      return {
        status: 'stopping' as const,
        waitSeconds: Math.ceil(settling),
        cause: 'waiting for the last step of the execution before',
      };
    const tasks = await marked(deployment, ports);
    const known = migration && (await ports.taskReader.state(settings.cluster, migration.task));
    if (known?.status === 'running' && migration && !tasks.includes(migration.task))
      tasks.push(migration.task);
    if (tasks.length === 0) {
      // nobody waits for their answers any more, and others wait for their locks; who is still there is waited for
      if (manifest || deployment.seeds)
        await ports.interference.end(settings.database.secret, applicationName(id));
      return {
        status: 'stopped' as const,
        waitSeconds: 0,
        cause: known?.detail ?? 'no task of the deployment runs',
      };
    }
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    if (late)
      return {
        status: 'stuck' as const,
        waitSeconds: 0,
        cause: `${tasks.join(', ')} has not stopped after ${late}`,
      };
    for (const task of tasks)
      await ports.taskStopper.stop(settings.cluster, task, `deployment ${id} is rolled back`);
    return {
      status: 'stopping' as const,
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
      cause: `stopping ${tasks.join(', ')}`,
    };
  },
});

/** Found by their marks: the step that started a task may have died before it could tell. */
async function marked({ id, settings, seeds }: Deployment, ports: Opened<typeof uses>): Promise<string[]> {
  const tests = settings.smokeTests.filter(isTask).map((_, index) => testMark(index, id));
  const ran = seeds ? (['migrate', 'seed', 'seed-again'] as const) : (['migrate'] as const);
  const runs = ran.map((round) => startedBy(round, id));
  const found = await Promise.all(
    [...runs, startedBy('trial', id), ...tests].map((mark) =>
      ports.taskFinder.running(settings.cluster, mark),
    ),
  );
  return found.flat();
}
