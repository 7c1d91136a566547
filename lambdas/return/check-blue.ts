import * as z from 'zod/mini';
import { fleetReader } from '../../src/aws/fleet';
import { healthReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { judgeGreen } from '../../src/domain/evidence/rollout';
import { checkBlueResult } from '../../src/domain/results/return';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const checkBlue = defineStep({
  name: 'CheckBlue',
  uses: { fleetReader, healthReader },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    startedAt: z.iso.datetime(),
    streak: z.int(),
  }),
  output: checkBlueResult,
  async run({ deployment: { settings }, live, startedAt, streak, now }, ports) {
    const [fleet, targets] = await Promise.all([
      ports.fleetReader.state(settings.cluster, serviceIn(settings, live.slot)),
      ports.healthReader.of(settings, live.slot),
    ]);
    const late = overdue(startedAt, now, settings.deadlines.rollbackSeconds);
    return {
      ...judgeGreen(live, fleet, targets, streak, late, 'blue'),
      waitSeconds: nextPoll(startedAt, now, settings.deadlines.rollbackSeconds),
    };
  },
});
