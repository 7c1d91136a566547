import * as z from 'zod';
import { succeeded, taskReader } from '../../src/aws/tasks';
import { nextPoll, overdue } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
import { taskSchema } from '../../src/domain/live';
import { progressOf } from '../../src/domain/migration-task';
import { defineStep } from '../../src/runtime/define-step';

export const checkRevert = defineStep({
  name: 'CheckRevert',
  uses: { taskReader },
  acts: 'watch',
  input: z.object({ deployment: deploymentSchema, revert: taskSchema }),
  async run({ deployment: { settings }, revert, now }, ports) {
    const state = await ports.taskReader.state(settings.cluster, revert.task);
    const late = overdue(revert.startedAt, now, settings.deadlines.migrationSeconds);
    const { status, cause } = progressOf(state, succeeded(state, revert.essential), late);
    return {
      status,
      waitSeconds: nextPoll(revert.startedAt, now, settings.deadlines.migrationSeconds),
      cause: status === 'failed' ? `reverting the migration failed: ${cause}` : cause,
    };
  },
});
