import * as z from 'zod/mini';
import { alarmReader } from '../../src/aws/alarms';
import { fleetReader, runningImage, taskDefinitionReader } from '../../src/aws/fleet';
import { metrics } from '../../src/aws/metrics';
import { taskProtection } from '../../src/aws/protection';
import { recordReader, recordWriter, servingDatabase, workerRecord } from '../../src/aws/record';
import { healthReader, weightsReader } from '../../src/aws/traffic';
import { workerReader } from '../../src/aws/workers';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { type Control, heldBy, reachedBeside } from '../../src/domain/deployment/controller';
import { rateStart, requestRate } from '../../src/domain/deployment/few-requests';
import { isFirst } from '../../src/domain/deployment/first';
import { inPlace } from '../../src/domain/deployment/strategy';
import { differences, familyOf, isGone } from '../../src/domain/deployment/task-definition';
import { alarmsAgainst } from '../../src/domain/evidence/alarms';
import { inspectLiveResult } from '../../src/domain/results/prepare';
import { databaseIn } from '../../src/domain/settings/database';
import { serviceIn, slotBeside, slotsIn } from '../../src/domain/settings/slots';
import { protectedText } from '../../src/domain/traffic/keepers';
import { keptWithout, strangeRule } from '../../src/domain/traffic/standing';
import { immovable, plannedMove } from '../../src/domain/workers/moves';
import { workerName } from '../../src/domain/workers/settings';
import { defineStep } from '../../src/runtime/define-step';

const strange = (cause: string) => ({
  asRecorded: false,
  live: null,
  tasks: undefined,
  cause: `${cause}; nothing was changed`,
});

export const inspectLive = defineStep({
  name: 'InspectLive',
  uses: {
    fleetReader,
    taskDefinitionReader,
    runningImage,
    taskProtection,
    weightsReader,
    healthReader,
    recordReader,
    recordWriter,
    servingDatabase,
    alarmReader,
    metrics,
    workerReader,
    workerRecord,
  },
  input: z.object({ deployment: checkedDeployment }),
  output: inspectLiveResult,
  async run({ deployment, now }, ports) {
    const { settings, acceptAlarms } = deployment;
    const { service, traffic, cluster, container, evidence, thresholds } = settings;
    const rule = await ports.weightsReader.of(settings);
    const recorded = await ports.recordReader.read(service);
    const standing = strangeRule(settings, rule, recorded);
    if ('strange' in standing) return strange(standing.strange);
    const { slot } = standing;

    const blue = await ports.fleetReader.state(cluster, serviceIn(settings, slot));
    const beside = slotBeside(settings, slot);
    const idle = beside && serviceIn(settings, beside);
    const green = idle ? await ports.fleetReader.state(cluster, idle) : undefined;
    if (!blue || (idle && !green))
      return strange(`service ${blue ? idle : serviceIn(settings, slot)} is not active in ${cluster}`);
    const wrong = (name: string, fleet: Control) =>
      heldBy(name, fleet) ?? (traffic ? reachedBeside(name, fleet) : undefined);
    const held = wrong(serviceIn(settings, slot), blue) ?? (idle && green && wrong(idle, green));
    if (held) return strange(held);
    const { healthy } = await ports.healthReader.of(settings, slot);
    const first = isFirst(settings, recorded, green ? [blue, green] : [blue]);
    const [missing] = keptWithout({ settings, slot, blue, healthy, recorded, first });
    if (missing) return strange(missing);
    if (deployment.sameImage) {
      const digest = await ports.runningImage.digest(cluster, serviceIn(settings, slot), container);
      if (!deployment.image.endsWith(`@${digest}`))
        return strange(
          `${deployment.image} served when this was asked for, and ${digest} serves now; ask again`,
        );
    }
    const against = alarmsAgainst(await ports.alarmReader.now(evidence.alarms), {
      alarms: evidence.alarms,
      accepted: acceptAlarms,
    });
    if (against) return strange(against);
    const kept = idle && green?.running ? await ports.taskProtection.of(cluster, idle) : [];
    if (kept.length > 0)
      return strange(
        `${idle}, which the new version is to replace, cannot be: ${protectedText(kept)}; wait for that, or end it with aws ecs update-task-protection --no-protection-enabled`,
      );
    const workers = await Promise.all(
      settings.workers.map(async (worker) => {
        const stands = await ports.workerReader.now(cluster, worker);
        const from = stands?.taskDefinition && (worker.taskDefinition ?? familyOf(stands.taskDefinition));
        const { containerDefinitions = [] } = from ? await ports.taskDefinitionReader.describe(from) : {};
        const runs =
          stands?.taskDefinition && (await ports.taskDefinitionReader.describe(stands.taskDefinition));
        return {
          worker,
          stands,
          inactive: runs ? isGone(runs) : false,
          containers: containerDefinitions.map(({ name }) => name),
        };
      }),
    );
    const left = workers.length > 0 ? (await ports.workerRecord.read(service))?.left : undefined;
    const stay = workers.flatMap((found) => immovable(found, cluster) ?? []);
    if (stay.length > 0) return strange(stay.join('; '));
    const family = settings.taskDefinition ?? familyOf(blue.taskDefinition);
    const [running, newest] = await Promise.all([
      ports.taskDefinitionReader.describe(blue.taskDefinition),
      ports.taskDefinitionReader.describe(family),
    ]);
    const since = new Date(rateStart(now.getTime(), thresholds));
    const requests = await Promise.all(
      slotsIn(settings).map((one) => ports.metrics.requests(settings, one, since, now)),
    );
    if (isGone(running) && inPlace(deployment))
      return strange(
        `${serviceIn(settings, slot)} runs ${blue.taskDefinition}, which was deregistered, and Amazon ECS updates no service to a revision that is INACTIVE: a rollout in place could not be undone; have it run one that is ACTIVE first${beside ? ', or ask for another strategy' : ''}`,
      );
    if (!recorded) {
      const { desired: tasks, taskDefinition } = blue;
      await ports.recordWriter.write(service, { slot, weights: standing.weights, tasks, taskDefinition });
    }
    return {
      asRecorded: true,
      live: {
        slot,
        taskDefinition: blue.taskDefinition,
        newest: newest.taskDefinitionArn,
        changes: differences(running, newest, container),
        workers: workers.map(({ worker, stands }) =>
          plannedMove(worker, stands?.taskDefinition ?? '', left?.[workerName(worker)]),
        ),
        image: recorded?.image ?? null,
        database: databaseIn(settings, await ports.servingDatabase.read(service)).name,
        aloneSince: recorded?.aloneSince,
        ...(first && { first }),
        requestsPerSecond: traffic ? requestRate(requests.flat(), now.getTime(), thresholds) : undefined,
      },
      tasks: blue.desired,
      cause: '',
    };
  },
});
