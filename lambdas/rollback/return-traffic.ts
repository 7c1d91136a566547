import * as z from 'zod';
import { events } from '../../src/aws/announcements';
import { recordReader, recordWriter } from '../../src/aws/record';
import { healthReader, trafficShifter, weightsReader } from '../../src/aws/traffic';
import { deploymentSchema } from '../../src/domain/deployment';
import { liveSchema } from '../../src/domain/live';
import { allOn, describeWeights, sameWeights } from '../../src/domain/weights';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({ returned: false, at: '', cause });

export const returnTraffic = defineStep({
  name: 'ReturnTraffic',
  uses: { weightsReader, healthReader, trafficShifter, recordReader, recordWriter, events },
  acts: true,
  input: z.object({ deployment: deploymentSchema, live: liveSchema }),
  async run({ deployment, live, now }, ports) {
    const { settings } = deployment;
    const { service, traffic } = settings;
    const wanted = allOn(live.slot);
    const [recorded, rule, blue] = await Promise.all([
      ports.recordReader.read(service),
      ports.weightsReader.of(traffic.productionRule, settings),
      ports.healthReader.of(settings, live.slot),
    ]);
    if ('strange' in rule) return refused(rule.strange);
    const known = [recorded?.weights, recorded?.intended].some(
      (weights) => weights && sameWeights(weights, rule.weights),
    );
    if (!known)
      return refused(
        `the production rule's weights are ${describeWeights(rule.weights)} where ${recorded ? describeWeights(recorded.weights) : 'nothing'} was recorded; somebody else changed them`,
      );
    // a load balancer without healthy targets sends to all of them: that is no way back
    if (blue.healthy === 0) return refused('blue has no healthy target, so traffic stays where it is');
    const after = await ports.trafficShifter.shift(traffic.productionRule, settings, wanted);
    if ('strange' in after || !sameWeights(after.weights, wanted))
      return refused(
        `the production rule reads ${'strange' in after ? after.strange : describeWeights(after.weights)} after ${describeWeights(wanted)} was set`,
      );
    await ports.recordWriter.write(service, {
      ...recorded,
      slot: live.slot,
      weights: wanted,
      intended: undefined,
    });
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent: 0 });
    return { returned: true, at: now.toISOString(), cause: '' };
  },
});
