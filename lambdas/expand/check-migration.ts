import * as z from 'zod/mini';
import { measurer } from '../../src/aws/measures';
import { succeeded, taskReader } from '../../src/aws/tasks';
import { taskProgress } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { taskSchema } from '../../src/domain/deployment/variables';
import { checkMigrationResult } from '../../src/domain/results/expand';
import { overdue, secondsSince } from '../../src/domain/time/deadline';
import { heldUpBy, watchRun } from '../../src/postgres/guarding';
import { interference } from '../../src/postgres/interference';
import { defineStep } from '../../src/runtime/define-step';

export const checkMigration = defineStep({
  name: 'CheckMigration',
  uses: { taskReader, interference, measurer },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, migration: taskSchema }),
  output: checkMigrationResult,
  async run({ deployment, migration, now }, ports) {
    const { cluster, database, deadlines, service } = deployment.settings;
    const run = { startedAt: migration.startedAt, withinSeconds: deadlines.migrationSeconds };
    ports.measurer.tell({ MigrationSeconds: secondsSince(run.startedAt, now) }, { service, at: now });
    const state = await ports.taskReader.state(cluster, migration.task);
    const late = overdue(run.startedAt, now, run.withinSeconds);
    const { status, cause } = taskProgress(state, succeeded(state, migration.essential), late);
    // ECS forgets stopped tasks after an hour: the journal keeps what it said
    const ended = { status, exitCodes: state.exitCodes, waitSeconds: 0 };
    if (status === 'running') {
      const { seen, waitSeconds } = await watchRun(ports.interference, deployment, run, now);
      return { ...ended, waitSeconds, cause: cause + seen };
    }
    if (status === 'succeeded') return { ...ended, cause };
    return {
      ...ended,
      cause: `the migration failed: ${cause}${await heldUpBy(ports.interference, database.secret)}`,
    };
  },
});
