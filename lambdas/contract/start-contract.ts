import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { releaseWriter } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { taskRunner } from '../../src/aws/tasks';
import { guard } from '../../src/domain/database/migration-task';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { applicationName, startedBy } from '../../src/domain/deployment/names';
import { contractSchema } from '../../src/domain/deployment/variables';
import { startContractResult } from '../../src/domain/results/contract';
import { defineStep } from '../../src/runtime/define-step';

export const startContract = defineStep({
  name: 'StartContract',
  uses: { claims, releaseWriter, taskRunner, events },
  acts: true,
  input: z.object({ deployment: checkedDeployment, contract: contractSchema }),
  output: startContractResult,
  async run({ deployment, contract, now }, ports) {
    const { settings, id, image } = deployment;
    const { migrations } = settings;
    // the very image whose other migrations ran, if any did
    const revision =
      (await ports.claims.claimed(id, 'migration')) ??
      (await ports.claims.claim(
        id,
        'migration',
        await ports.releaseWriter.revise(migrations.taskDefinition, migrations.container, image),
      ));
    const run = await ports.taskRunner.run({
      cluster: settings.cluster,
      taskDefinition: revision.taskDefinition,
      container: migrations.container,
      command: migrations.contractCommand,
      environment: guard(applicationName(id)),
      subnets: migrations.subnets,
      securityGroups: migrations.securityGroups,
      startedBy: startedBy('contract', id),
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
