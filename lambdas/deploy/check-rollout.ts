import * as z from 'zod/mini';
import { fleetReader, stoppedTasks } from '../../src/aws/fleet';
import { taskProtection } from '../../src/aws/protection';
import { healthReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema } from '../../src/domain/deployment/variables';
import { crashesSince, withNewestStop } from '../../src/domain/evidence/fleet';
import { judgeGreen, keepsCrashing, wentBack } from '../../src/domain/evidence/rollout';
import { checkRolloutResult } from '../../src/domain/results/deploy';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextPoll, overdue, secondsSince } from '../../src/domain/time/deadline';
import { withProtected } from '../../src/domain/traffic/keepers';
import { defineStep } from '../../src/runtime/define-step';

export const checkRollout = defineStep({
  name: 'CheckRollout',
  uses: { fleetReader, healthReader, stoppedTasks, taskProtection },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, green: greenSchema, streak: z.int() }),
  output: checkRolloutResult,
  async run({ deployment: { settings }, green, streak, now }, ports) {
    const service = serviceIn(settings, green.slot);
    const [fleet, targets, stops] = await Promise.all([
      ports.fleetReader.state(settings.cluster, service),
      ports.healthReader.of(settings, green.slot),
      ports.stoppedTasks.of(settings.cluster, service),
    ]);
    const late = overdue(green.startedAt, now, settings.deadlines.greenSeconds);
    const look = {
      ...(wentBack(green, fleet, secondsSince(green.startedAt, now)) ??
        keepsCrashing(crashesSince(stops, Date.parse(green.startedAt), green.taskDefinition)) ??
        judgeGreen(green, fleet, targets, streak, late)),
      waitSeconds: nextPoll(green.startedAt, now, settings.deadlines.greenSeconds),
    };
    if (look.status !== 'unhealthy') return look;
    const held = await ports.taskProtection.of(settings.cluster, service);
    return { ...look, cause: withProtected(withNewestStop(look.cause, stops, green.taskDefinition), held) };
  },
});
