import * as z from 'zod/mini';
import { succeeded, taskReader } from '../../src/aws/tasks';
import {
  guardingPoll,
  inTheWay,
  LOCK_TIMEOUT_SECONDS,
  taskProgress,
  watchedText,
} from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { taskSchema } from '../../src/domain/deployment/variables';
import { checkMigrationResult } from '../../src/domain/results/expand';
import { nextPoll, overdue, secondsSince } from '../../src/domain/time/deadline';
import { sessions } from '../../src/postgres/sessions';
import { defineStep } from '../../src/runtime/define-step';

export const checkMigration = defineStep({
  name: 'CheckMigration',
  uses: { taskReader, sessions },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, migration: taskSchema }),
  output: checkMigrationResult,
  async run({ deployment: { settings, id }, migration, now }, ports) {
    const state = await ports.taskReader.state(settings.cluster, migration.task);
    const late = overdue(migration.startedAt, now, settings.deadlines.migrationSeconds);
    const { status, cause } = taskProgress(state, succeeded(state, migration.essential), late);
    const elapsed = secondsSince(migration.startedAt, now);
    const usual = nextPoll(migration.startedAt, now, settings.deadlines.migrationSeconds);
    const watched =
      status === 'running'
        ? await ports.sessions.watch(
            settings.database.secret,
            { application: applicationName(id), withinSeconds: elapsed },
            LOCK_TIMEOUT_SECONDS,
          )
        : undefined;
    // a database that cannot be reached is the migration's own trouble, and told by its end
    const watching = watched && 'named' in watched ? watched : undefined;
    // asked at once, while who was in the way still is
    const seen =
      status === 'failed'
        ? await ports.sessions.holding(settings.database.secret, LOCK_TIMEOUT_SECONDS)
        : undefined;
    const waitedFor = seen && 'transactions' in seen ? inTheWay(seen.transactions) : '';
    // ECS forgets stopped tasks after an hour: the journal keeps what it said
    return {
      status,
      exitCodes: state.exitCodes,
      waitSeconds: watching?.unnamed ? guardingPoll(elapsed, usual) : usual,
      cause:
        status === 'failed'
          ? `the migration failed: ${cause}${waitedFor}`
          : cause + (watching ? watchedText(watching) : ''),
    };
  },
});
