import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { measurer } from '../../src/aws/measures';
import { succeeded, taskReader } from '../../src/aws/tasks';
import { taskProgress } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { taskSchema } from '../../src/domain/deployment/variables';
import { checkRevertResult } from '../../src/domain/results/revert';
import { revertProblem } from '../../src/domain/rollback/choice';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import { overdue, secondsSince } from '../../src/domain/time/deadline';
import { database } from '../../src/postgres/database';
import { heldUpBy, watchRun } from '../../src/postgres/guarding';
import { interference } from '../../src/postgres/interference';
import { readable } from '../../src/postgres/readable';
import { defineStep } from '../../src/runtime/define-step';

export const checkRevert = defineStep({
  name: 'CheckRevert',
  uses: { taskReader, database, interference, claims, measurer },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, revert: taskSchema, keepNewest: z.string() }),
  output: checkRevertResult,
  async run({ deployment, revert, keepNewest, now }, ports) {
    const { settings, id } = deployment;
    const of = { round: revert.round };
    const run = { startedAt: revert.startedAt, withinSeconds: settings.deadlines.migrationSeconds };
    const measures = { MigrationSeconds: secondsSince(run.startedAt, now) };
    ports.measurer.tell(measures, { service: settings.service, at: now });
    const state = await ports.taskReader.state(settings.cluster, revert.task);
    const late = overdue(revert.since ?? run.startedAt, now, run.withinSeconds);
    const { status, cause } = taskProgress(state, succeeded(state, revert.essential), late);
    if (status === 'running') {
      const { seen, waitSeconds } = await watchRun(ports.interference, deployment, run, now);
      return { ...of, status, waitSeconds, cause: cause + seen };
    }
    if (status === 'failed') {
      const heldUp = await heldUpBy(ports.interference, settings.database.secret);
      if (revert.round === 'unseed') {
        const failed = `taking the seeds back failed: ${cause}${heldUp}`;
        await ports.claims.claim(id, 'unseeded', { ok: false, cause: failed });
        const again = 'mend what they have left; resumed, the rollback goes on without them';
        return { ...of, status, waitSeconds: 0, cause: `${failed}; ${again}` };
      }
      return { status, waitSeconds: 0, cause: `reverting the migration failed: ${cause}${heldUp}` };
    }
    if (revert.round === 'unseed') {
      await ports.claims.claim(id, 'unseeded', { ok: true, cause });
      return { ...of, status: 'more' as const, waitSeconds: 0, cause };
    }
    // an exit code of 0 is no proof: some tools take back one migration and no more
    const look = await ports.database.look(readerOf(settings), settings.migrations, {
      application: applicationName(id),
      roles: rolesIn(settings),
    });
    const problem = revertProblem(readable(look).schema.applied, keepNewest);
    return { status: problem ? ('failed' as const) : status, waitSeconds: 0, cause: problem ?? cause };
  },
});
