import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { releaseWriter } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { runMigration } from '../../src/aws/migration-run';
import { revisionOf } from '../../src/aws/revisions';
import { taskRunner } from '../../src/aws/tasks';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { contractSchema } from '../../src/domain/deployment/variables';
import { startContractResult } from '../../src/domain/results/contract';
import { defineStep } from '../../src/runtime/define-step';

export const startContract = defineStep({
  name: 'StartContract',
  uses: { claims, releaseWriter, taskRunner, events },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, contract: contractSchema }),
  output: startContractResult,
  async run({ deployment, contract, now }, ports) {
    const { settings, id } = deployment;
    const { migrations } = settings;
    // the very image whose other migrations ran, if any did
    const revision = await revisionOf(ports, deployment, 'migration', {
      from: migrations.taskDefinition,
      container: migrations.container,
    });
    const run = await runMigration(ports, deployment, 'contract', revision, {
      command: migrations.contractCommand,
      now,
    });
    if (!run.started) return { started: false, contract, cause: run.cause };
    await ports.events.put('ContractStarted', {
      deployment: id,
      service: settings.service,
      migrations: contract.pending,
    });
    return {
      started: true,
      contract: {
        ...contract,
        migration: { ...revision, task: run.task, startedAt: now.toISOString() },
      },
      cause: '',
    };
  },
});
