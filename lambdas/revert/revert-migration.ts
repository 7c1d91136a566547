import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { runMigration } from '../../src/aws/migration-run';
import { taskRunner } from '../../src/aws/tasks';
import { revertCommand } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { revertMigrationResult } from '../../src/domain/results/revert';
import { defineStep } from '../../src/runtime/define-step';

export const revertMigration = defineStep({
  name: 'RevertMigration',
  uses: { claims, taskRunner },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, keepNewest: z.string(), reverting: z.array(z.string()) }),
  output: revertMigrationResult,
  async run({ deployment, keepNewest, reverting, now }, ports) {
    const { settings, id } = deployment;
    const { migrations } = settings;
    // the down scripts are in the image that brought the up scripts
    const revision = await ports.claims.claimed(id, 'migration');
    if (!revision)
      return {
        started: false,
        revert: null,
        cause: 'the journal does not know which image was migrated with',
      };
    const run = await runMigration(ports, deployment, 'revert', revision, {
      command: revertCommand(migrations.revertCommand, keepNewest, reverting),
      now,
    });
    if (!run.started) return { started: false, revert: null, cause: run.cause };
    return {
      started: true,
      revert: { task: run.task, essential: revision.essential, startedAt: now.toISOString() },
      cause: '',
    };
  },
});
