import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { fleetReader } from '../../src/aws/fleet';
import { claims, journalReader } from '../../src/aws/journal';
import { measurer } from '../../src/aws/measures';
import { recordReader, servingDatabase } from '../../src/aws/record';
import { reports } from '../../src/aws/reports';
import { stack } from '../../src/aws/stack';
import { handover } from '../../src/aws/takeover';
import { taskFinder, taskStopper } from '../../src/aws/tasks';
import { weightsReader } from '../../src/aws/traffic';
import { workerReader } from '../../src/aws/workers';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { snapshotName, startedBy } from '../../src/domain/deployment/names';
import { measuresOf } from '../../src/domain/measures/deployment';
import { progressOf, resumedBy } from '../../src/domain/recovery/progress';
import { reportOf, withRow } from '../../src/domain/report';
import { operatorReport } from '../../src/domain/report/operator-report';
import { callOperatorResult } from '../../src/domain/results/escalate';
import { reportCommand } from '../../src/domain/rollback/command';
import { databaseIn } from '../../src/domain/settings/database';
import { serviceIn, slotsIn } from '../../src/domain/settings/slots';
import type { Opened } from '../../src/domain/step/port';
import { readableCause } from '../../src/domain/text/readable-cause';
import { workerName } from '../../src/domain/workers/settings';
import { defineStep } from '../../src/runtime/define-step';

const uses = {
  journalReader,
  claims,
  weightsReader,
  fleetReader,
  workerReader,
  recordReader,
  servingDatabase,
  taskFinder,
  taskStopper,
  handover,
  reports,
  events,
  people,
  stack,
  measurer,
};

/** It keeps the lock and changes nothing that serves or holds data: what stands is for a person to judge. */
export const callOperator = defineStep({
  name: 'CallOperator',
  uses,
  input: z.object({
    /** What began the rollback, and what it could not do. */
    cause: z.string(),
    rollbackError: z.string(),
  }),
  output: callOperatorResult,
  async run({ cause: trigger, rollbackError, deploymentId: id, execution, now }, ports) {
    const failed = readableCause(rollbackError);
    // a stopped execution that was redriven, or its last step: what stands is another one's business by now
    const rows = await ports.journalReader.rows(id);
    const progress = progressOf(rows);
    const driver = resumedBy(rows);
    if (!progress || (driver && driver !== execution))
      return {
        called: false,
        outcome: 'DeploymentRejected' as const,
        cause: driver
          ? `${failed}; ${driver} has resumed deployment ${id}, and nothing more was done here`
          : `${failed}; the journal does not know deployment ${id}, so nothing was changed`,
        report: driver ? reportCommand(id, ports.stack.name) : 'none',
      };
    const { deployment, variables } = progress;
    const { settings } = deployment;
    const rule = await ports.weightsReader.of(settings);
    const fleets = await Promise.all(
      slotsIn(settings).map(async (slot) => {
        const service = serviceIn(settings, slot);
        return { slot, service, fleet: await ports.fleetReader.state(settings.cluster, service) };
      }),
    );
    const working = await Promise.all(
      (['migrate', 'contract', 'revert'] as const).map((kind) =>
        ports.taskFinder.running(settings.cluster, startedBy(kind, id)),
      ),
    );
    // a trial is nobody's work: whatever stopped the rollback before it was over must not leave its task
    for (const task of await ports.taskFinder.running(settings.cluster, startedBy('trial', id)))
      await ports.taskStopper.stop(settings.cluster, task, `a trial of deployment ${id}`);
    const record = await ports.recordReader.read(settings.service);
    const cause = operatorReport({
      deployment,
      blue: variables.live?.slot,
      contract: variables.contract,
      contracted: progress.contracted,
      refused: progress.rollbackRejected,
      cause: readableCause(trigger),
      rollbackError: failed,
      snapshot: variables.protected ? snapshotName(id, databaseIn(settings)) : undefined,
      tasks: record?.tasks ?? 1,
      stack: ports.stack.name,
      weights: 'weights' in rule ? rule.weights : undefined,
      database: databaseIn(settings, await ports.servingDatabase.read(settings.service)).name,
      restored: variables.restored?.instance,
      workers: await movedWorkers(deployment, ports),
      stoppedWorkers: progress.stoppedWorkers,
      working: working.flat(),
      fleets,
    });
    const ending = { called: true, outcome: 'NeedsOperator' as const, cause };
    const own = { step: 'CallOperator', phase: 'escalate', at: now.toISOString(), result: ending };
    const report = await ports.reports.write(id, () => reportOf(id, withRow(rows, own), record ?? null));
    await ports.handover.toPeople(settings.service, id, execution);
    await ports.events.put('OperatorNeeded', { deployment: id, service: settings.service, cause, report });
    await ports.people.tell(
      `${settings.service}: deployment ${id} needs an operator`,
      `${cause}\n\nreport: ${report}`,
      id,
    );
    const { measures } = measuresOf(rows, { outcome: 'NeedsOperator', now });
    ports.measurer.tell(measures, { service: settings.service, at: now });
    return { ...ending, report };
  },
});

/** What the workers run that the deployment has moved. */
async function movedWorkers(
  { id, settings: { cluster, workers } }: Deployment,
  ports: Opened<Pick<typeof uses, 'claims' | 'workerReader'>>,
) {
  const found = await Promise.all(
    workers.map(async (worker) => {
      const name = workerName(worker);
      const before = await ports.claims.claimed(id, `worker#${name}`);
      const now = before && (await ports.workerReader.now(cluster, worker));
      return before ? [{ worker: name, runs: now?.taskDefinition, before: before.taskDefinition }] : [];
    }),
  );
  return found.flat();
}
