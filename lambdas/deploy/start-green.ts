import * as z from 'zod/mini';
import { fleetReader, fleetReleaser, releaseWriter } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { recordReader } from '../../src/aws/record';
import { revisionOf } from '../../src/aws/revisions';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { keepRunning, slotsOf } from '../../src/aws/slots';
import { healthReader, trafficShifter, weightsReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { startGreenResult } from '../../src/domain/results/deploy';
import { otherSlot } from '../../src/domain/settings/choices';
import { serviceIn } from '../../src/domain/settings/slots';
import { firstPoll } from '../../src/domain/time/deadline';
import { tasksForAll } from '../../src/domain/traffic/need';
import { allOn, describeWeights, weightsNotApplied } from '../../src/domain/traffic/weights';
import { noRoomBeside } from '../../src/postgres/room';
import { vitals } from '../../src/postgres/vitals';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({
  started: false,
  green: null,
  tasks: undefined,
  waitSeconds: 0,
  cause,
});

export const startGreen = defineStep({
  name: 'StartGreen',
  uses: {
    claims,
    releaseWriter,
    fleetReader,
    fleetReleaser,
    weightsReader,
    trafficShifter,
    recordReader,
    healthReader,
    vitals,
    boundsReader,
    minimumSetter,
  },
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: startGreenResult,
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const slot = otherSlot(live.slot);
    const rule = await ports.weightsReader.of(settings);
    if ('strange' in rule) return refused(rule.strange);
    // green's tasks are about to be replaced: nobody may be on them
    if (rule.weights[slot] > 0)
      return refused(`slot ${slot} already has traffic (${describeWeights(rule.weights)})`);
    const { addresses } = await ports.healthReader.of(settings, live.slot);
    const full = await noRoomBeside(addresses, deployment, ports);
    if (full) return refused(full);
    const recorded = await ports.recordReader.read(settings.service);
    // as many as all users need, so that no shift has to wait for tasks as long as nobody scales
    const tasks = tasksForAll((await slotsOf(ports, settings)).tasks, rule.weights, recorded?.tasks);
    const { taskDefinition } = await revisionOf(ports, deployment, 'green', {
      from: live.newest ?? live.taskDefinition,
      container: settings.container,
    });
    await ports.fleetReleaser.release(settings.cluster, serviceIn(settings, slot), taskDefinition, tasks);
    await keepRunning(ports, settings, slot, recorded?.minimum);
    const test = await ports.trafficShifter.open('test', settings);
    // a test listener that leads elsewhere would prove another version healthy
    const notApplied = weightsNotApplied(await test.set(allOn(slot)), allOn(slot), 'test');
    if (notApplied !== undefined) return refused(notApplied);
    return {
      started: true,
      green: { slot, taskDefinition, startedAt: now.toISOString() },
      tasks,
      waitSeconds: firstPoll(settings.deadlines.greenSeconds),
      cause: '',
    };
  },
});
