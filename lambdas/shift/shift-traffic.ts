import * as z from 'zod';
import { events } from '../../src/aws/announcements';
import { recordReader, recordWriter } from '../../src/aws/record';
import { healthReader, trafficShifter, weightsReader } from '../../src/aws/traffic';
import { deploymentSchema } from '../../src/domain/deployment';
import { greenSchema, liveSchema } from '../../src/domain/live';
import { describeWeights, sameWeights, share } from '../../src/domain/weights';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({ shifted: false, greenPercent: 0, at: '', cause });

export const shiftTraffic = defineStep({
  name: 'ShiftTraffic',
  uses: { weightsReader, healthReader, trafficShifter, recordReader, recordWriter, events },
  acts: true,
  input: z.object({
    deployment: deploymentSchema,
    live: liveSchema,
    green: greenSchema,
    step: z.number().int().min(0),
  }),
  async run({ deployment, live, green, step, now }, ports) {
    const { settings } = deployment;
    const { service, traffic } = settings;
    const greenPercent = deployment.steps[step] ?? 100;
    const wanted = share(green.slot, greenPercent);

    const health = await ports.healthReader.of(settings, green.slot);
    if (health.healthy < green.desired)
      return refused(
        `green has ${health.healthy} healthy of ${green.desired} targets, so it gets no traffic`,
      );
    const recorded = await ports.recordReader.read(service);
    const rule = await ports.weightsReader.of(traffic.productionRule, settings);
    if ('strange' in rule) return refused(rule.strange);
    // nothing in the API compares and swaps: a change by somebody else is shown, never overwritten
    const known = [recorded?.weights, recorded?.intended].some(
      (weights) => weights && sameWeights(weights, rule.weights),
    );
    if (!recorded || !known)
      return refused(
        `the production rule's weights are ${describeWeights(rule.weights)} where ${recorded ? describeWeights(recorded.weights) : 'nothing'} was recorded; somebody else changed them`,
      );

    await ports.recordWriter.write(service, { ...recorded, slot: live.slot, intended: wanted });
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
    await ports.events.put('TrafficShifted', { deployment: deployment.id, service, greenPercent });
    return { shifted: true, greenPercent, at: now.toISOString(), cause: '' };
  },
});
