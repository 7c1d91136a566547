import * as z from 'zod';
import { taskReader, taskStopper } from '../../src/aws/tasks';
import { nextPoll, overdue, secondsSince } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
import { FUNCTION_TIMEOUT_SECONDS } from '../../src/domain/limits';
import { taskSchema } from '../../src/domain/live';
import { startedBy } from '../../src/domain/marks';
import { defineStep } from '../../src/runtime/define-step';

export const stopMigration = defineStep({
  name: 'StopMigration',
  uses: { taskReader, taskStopper },
  acts: true,
  input: z.object({
    deployment: deploymentSchema,
    migration: taskSchema.nullable(),
    since: z.iso.datetime(),
    /** When this execution took over from another one; null in a deployment's own execution. */
    resumedAt: z.iso.datetime().nullable(),
  }),
  async run({ deployment: { settings, id }, migration, since, resumedAt, now }, ports) {
    // its last function may still be at work, with the number that it was given when it began
    const settling = resumedAt === null ? 0 : FUNCTION_TIMEOUT_SECONDS - secondsSince(resumedAt, now);
    if (settling > 0)
      return {
        status: 'stopping',
        waitSeconds: Math.ceil(settling),
        cause: 'waiting for the last step of the execution before',
      };
    // found by their mark as well: the step that started the task may have died before it could tell
    const tasks = await ports.taskStopper.running(settings.cluster, startedBy('migrate', id));
    const known = migration && (await ports.taskReader.state(settings.cluster, migration.task));
    if (known?.status === 'running' && migration && !tasks.includes(migration.task))
      tasks.push(migration.task);
    if (tasks.length === 0) return { status: 'stopped', cause: known?.detail ?? 'no migration task runs' };
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    if (late)
      return { status: 'stuck', cause: `migration task ${tasks.join(', ')} has not stopped after ${late}` };
    for (const task of tasks)
      await ports.taskStopper.stop(settings.cluster, task, `deployment ${id} is rolled back`);
    return {
      status: 'stopping',
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
      cause: `stopping ${tasks.join(', ')}`,
    };
  },
});
