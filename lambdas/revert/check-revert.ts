import * as z from 'zod/mini';
import { succeeded, taskReader } from '../../src/aws/tasks';
import { taskProgress } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { taskSchema } from '../../src/domain/deployment/variables';
import { checkRevertResult } from '../../src/domain/results/revert';
import { revertProblem } from '../../src/domain/rollback/choice';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { database } from '../../src/postgres/database';
import { readable } from '../../src/postgres/readable';
import { defineStep } from '../../src/runtime/define-step';

export const checkRevert = defineStep({
  name: 'CheckRevert',
  uses: { taskReader, database },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, revert: taskSchema, keepNewest: z.string() }),
  output: checkRevertResult,
  async run({ deployment: { settings, id }, revert, keepNewest, now }, ports) {
    const state = await ports.taskReader.state(settings.cluster, revert.task);
    const late = overdue(revert.startedAt, now, settings.deadlines.migrationSeconds);
    const { status, cause } = taskProgress(state, succeeded(state, revert.essential), late);
    const waitSeconds = nextPoll(revert.startedAt, now, settings.deadlines.migrationSeconds);
    if (status !== 'succeeded')
      return {
        status,
        waitSeconds,
        cause: status === 'failed' ? `reverting the migration failed: ${cause}` : cause,
      };
    // an exit code of 0 is no proof: some tools take back one migration and no more
    const look = await ports.database.look(settings.database.secret, settings.migrations, {
      application: applicationName(id),
    });
    const problem = revertProblem(readable(look).schema.applied, keepNewest);
    return { status: problem ? ('failed' as const) : status, waitSeconds, cause: problem ?? cause };
  },
});
