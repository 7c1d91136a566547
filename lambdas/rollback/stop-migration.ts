import * as z from 'zod';
import { taskReader, taskStopper } from '../../src/aws/tasks';
import { nextPoll, overdue } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
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
  }),
  async run({ deployment: { settings, id }, migration, since, now }, ports) {
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
