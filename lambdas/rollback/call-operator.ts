import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { fleetReader } from '../../src/aws/fleet';
import { journal, journalReader } from '../../src/aws/journal';
import { servingDatabase } from '../../src/aws/record';
import { handover } from '../../src/aws/takeover';
import { taskFinder } from '../../src/aws/tasks';
import { weightsReader } from '../../src/aws/traffic';
import { readableCause } from '../../src/domain/cause';
import { checkedDeployment } from '../../src/domain/checked-deployment';
import { SLOTS } from '../../src/domain/choices';
import { contractSchema, liveSchema, restoredSchema } from '../../src/domain/live';
import { startedBy } from '../../src/domain/marks';
import { operatorReport } from '../../src/domain/operator-report';
import { progressOf, takenUpBy } from '../../src/domain/recover';
import { deciders } from '../../src/domain/who-decides';
import { defineStep } from '../../src/runtime/define-step';

/** It changes nothing and keeps the lock: what stands is for a person to judge. */
export const callOperator = defineStep({
  name: 'CallOperator',
  uses: {
    journal,
    journalReader,
    weightsReader,
    fleetReader,
    servingDatabase,
    taskFinder,
    handover,
    events,
    people,
  },
  input: z.object({
    deployment: checkedDeployment,
    live: z.nullable(liveSchema),
    /** The contract migrations, when the deployment came that far. */
    contract: z.nullable(contractSchema),
    /** `people`: they were asked about the way back, and said no. */
    decides: z.enum([...deciders, 'people']),
    restored: z.nullable(restoredSchema),
    why: z.string(),
    stuck: z.string(),
  }),
  async run({ deployment, live, contract, decides, restored, why, stuck }, ports) {
    const { settings, id } = deployment;
    // a stopped execution that was redriven, or its last step: what stands is another one's business by now
    const rows = await ports.journalReader.rows(id);
    const driver = takenUpBy(rows);
    if (driver && driver !== deployment.execution)
      return {
        called: false,
        outcome: 'DeploymentRejected',
        cause: `${readableCause(stuck)}; ${driver} has taken deployment ${id} up, and nothing more was done here`,
      };
    const rule = await ports.weightsReader.of(settings.traffic.productionRule, settings);
    const fleets = await Promise.all(
      SLOTS.map(async (slot) => {
        const { service } = settings.slots[slot];
        return { slot, service, fleet: await ports.fleetReader.state(settings.cluster, service) };
      }),
    );
    const working = await Promise.all(
      (['migrate', 'contract', 'revert'] as const).map((kind) =>
        ports.taskFinder.running(settings.cluster, startedBy(kind, id)),
      ),
    );
    const cause = operatorReport({
      deployment,
      table: ports.journal.table,
      blue: live?.slot,
      contract,
      contracted: progressOf(rows)?.contracted ?? false,
      refused: decides === 'people',
      why: readableCause(why),
      stuck: readableCause(stuck),
      weights: 'weights' in rule ? rule.weights : undefined,
      database: (await ports.servingDatabase.read(settings.service)) ?? settings.database.instance,
      restored: restored?.instance,
      working: working.flat(),
      fleets,
    });
    await ports.handover.toPeople(settings.service, id, deployment.execution);
    await ports.events.put('OperatorNeeded', { deployment: id, service: settings.service, cause });
    await ports.people.tell(`${settings.service}: deployment ${id} needs an operator`, cause, id);
    return { called: true, outcome: 'NeedsOperator', cause };
  },
});
