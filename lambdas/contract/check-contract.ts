import * as z from 'zod/mini';
import { measurer } from '../../src/aws/measures';
import { succeeded, taskFinder, taskReader, taskStopper } from '../../src/aws/tasks';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { startedBy } from '../../src/domain/deployment/names';
import { contractSchema } from '../../src/domain/deployment/variables';
import { checkContractResult } from '../../src/domain/results/contract';
import { overdue, secondsSince } from '../../src/domain/time/deadline';
import { heldUpBy, watchRun } from '../../src/postgres/guarding';
import { interference } from '../../src/postgres/interference';
import { defineStep } from '../../src/runtime/define-step';

export const checkContract = defineStep({
  name: 'CheckContract',
  uses: { taskFinder, taskReader, taskStopper, interference, measurer },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    contract: z.required(contractSchema, { migration: true }),
  }),
  output: checkContractResult,
  async run({ deployment, contract, now }, ports) {
    const { settings, id } = deployment;
    const { task, essential, startedAt } = contract.migration;
    const { contractSeconds } = settings.deadlines;
    const measures = { MigrationSeconds: secondsSince(startedAt, now) };
    ports.measurer.tell(measures, { service: settings.service, at: now });
    const state = await ports.taskReader.state(settings.cluster, task);
    if (state.status === 'stopped') {
      const ok = succeeded(state, essential);
      const heldUp = ok ? '' : await heldUpBy(ports.interference, settings.database.secret);
      const ended = { ok, cause: state.detail + heldUp, at: now.toISOString() };
      return {
        status: 'ended' as const,
        exitCodes: state.exitCodes,
        waitSeconds: 0,
        contract: { ...contract, ended },
        cause: '',
      };
    }
    const late = overdue(startedAt, now, contractSeconds);
    if (overdue(startedAt, now, 2 * contractSeconds)) {
      const ended = { ok: false, cause: `${state.detail} after ${late}`, at: now.toISOString() };
      return { status: 'ended' as const, waitSeconds: 0, contract: { ...contract, ended }, cause: '' };
    }
    // what it did is looked at once it has stopped: until then it may still be doing it
    if (late)
      for (const running of await ports.taskFinder.running(settings.cluster, startedBy('contract', id)))
        await ports.taskStopper.stop(settings.cluster, running, `not ended after ${late}`);
    const run = { startedAt, withinSeconds: contractSeconds };
    const { seen, waitSeconds } = await watchRun(ports.interference, deployment, run, now);
    return { status: 'running' as const, waitSeconds, contract, cause: state.detail + seen };
  },
});
