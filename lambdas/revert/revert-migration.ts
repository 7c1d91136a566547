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
  input: z.object({
    deployment: checkedDeployment,
    keepNewest: z.string(),
    reverting: z.array(z.string()),
    seeds: z._default(z.boolean(), false),
  }),
  output: revertMigrationResult,
  async run({ deployment, keepNewest, reverting, seeds, now }, ports) {
    const { settings, id } = deployment;
    const { migrations } = settings;
    // the down scripts, and what takes seeds back, are in the image that brought the up scripts
    const revision = await ports.claims.claimed(id, 'migration');
    const not = (cause: string) => ({ started: false, revert: null, cause });
    if (!revision) return not('the journal does not know which image was migrated with');
    const run = await runMigration(ports, deployment, seeds ? 'unseed' : 'revert', revision, {
      command: seeds
        ? settings.seeds.revertCommand
        : revertCommand(migrations.revertCommand, keepNewest, reverting),
      now,
    });
    if (!run.started) return not(run.cause);
    return {
      started: true,
      revert: {
        ...(seeds && { round: 'unseed' as const }),
        task: run.task,
        since: await ports.claims.claimed(id, 'task-asked#unseed'),
        essential: revision.essential,
        startedAt: now.toISOString(),
      },
      cause: '',
    };
  },
});
