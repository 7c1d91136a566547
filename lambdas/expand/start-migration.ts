import * as z from 'zod/mini';
import { releaseWriter } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { runMigration } from '../../src/aws/migration-run';
import { revisionOf } from '../../src/aws/revisions';
import { snapshotReader } from '../../src/aws/snapshots';
import { taskRunner } from '../../src/aws/tasks';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { startMigrationResult } from '../../src/domain/results/expand';
import { rounds } from '../../src/domain/seeds/rounds';
import { databaseIn } from '../../src/domain/settings/database';
import { firstPoll } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const startMigration = defineStep({
  name: 'StartMigration',
  uses: { claims, snapshotReader, releaseWriter, taskRunner },
  fence: 'forward',
  input: z.object({
    deployment: checkedDeployment,
    snapshot: z.nullable(z.object({ name: z.string() })),
    round: z._default(z.enum(rounds), 'migrate'),
  }),
  output: startMigrationResult,
  async run({ deployment, snapshot, round, now }, ports) {
    const { settings } = deployment;
    const { migrations, seeds } = settings;
    const not = (cause: string) => ({ started: false, migration: null, waitSeconds: 0, cause });
    if (round === 'migrate') {
      if (!snapshot) return not('there is no snapshot');
      const { status, detail } = await ports.snapshotReader.state(snapshot.name, databaseIn(settings));
      // the deployment's own snapshot stands before the first statement, whatever the graph believes
      if (status !== 'available') return not(detail);
    }

    // a retry must run the very same task: ECS refuses a known token with other parameters
    const revision = await revisionOf(ports, deployment, 'migration', {
      from: migrations.taskDefinition,
      container: migrations.container,
    });
    const run = await runMigration(ports, deployment, round, revision, {
      command: round === 'migrate' ? migrations.command : seeds.command,
      now,
    });
    if (!run.started) return not(run.cause);
    return {
      started: true,
      migration: {
        ...{ round, task: run.task, essential: revision.essential, startedAt: now.toISOString() },
        ...(run.run > 1 && { run: run.run }),
        // one deadline for all of them
        since:
          (await ports.claims.claimed(deployment.id, 'task-asked#migrate')) ??
          (await ports.claims.claimed(deployment.id, 'task-asked#seed')),
      },
      waitSeconds: firstPoll(settings.deadlines.migrationSeconds),
      cause: '',
    };
  },
});
