import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { taskRunner } from '../../src/aws/tasks';
import { guard, revertCommand } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName, startedBy } from '../../src/domain/deployment/names';
import { revertMigrationResult } from '../../src/domain/results/revert';
import { defineStep } from '../../src/runtime/define-step';

export const revertMigration = defineStep({
  name: 'RevertMigration',
  uses: { claims, taskRunner },
  acts: true,
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
    const run = await ports.taskRunner.run({
      cluster: settings.cluster,
      taskDefinition: revision.taskDefinition,
      container: migrations.container,
      command: revertCommand(migrations.revertCommand, keepNewest, reverting),
      environment: guard(applicationName(id)),
      subnets: migrations.subnets,
      securityGroups: migrations.securityGroups,
      startedBy: startedBy('revert', id),
    });
    if (!run.started) return { started: false, revert: null, cause: run.cause };
    return {
      started: true,
      revert: { task: run.task, essential: revision.essential, startedAt: now.toISOString() },
      cause: '',
    };
  },
});
