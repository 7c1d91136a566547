import * as z from 'zod/mini';
import { fleetReader, stoppedTasks } from '../../src/aws/fleet';
import { healthReader } from '../../src/aws/traffic';
import { fullText } from '../../src/domain/database/connections';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema } from '../../src/domain/deployment/variables';
import { withNewestStop } from '../../src/domain/evidence/fleet';
import { judgeGreen, wentBack } from '../../src/domain/evidence/rollout';
import { checkGreenResult } from '../../src/domain/results/deploy';
import { readerOf } from '../../src/domain/settings/roles';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextPoll, nextShortPoll, overdue, secondsSince } from '../../src/domain/time/deadline';
import { vitals } from '../../src/postgres/vitals';
import { defineStep } from '../../src/runtime/define-step';

export const checkGreen = defineStep({
  name: 'CheckGreen',
  uses: { fleetReader, healthReader, stoppedTasks, vitals },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, green: greenSchema, streak: z.int() }),
  output: checkGreenResult,
  async run({ deployment: { settings }, green, streak, now }, ports) {
    const service = serviceIn(settings, green.slot);
    const fleet = await ports.fleetReader.state(settings.cluster, service);
    const targets = await ports.healthReader.of(settings, green.slot);
    const late = overdue(green.startedAt, now, settings.deadlines.greenSeconds);
    const judged =
      wentBack(green, fleet, secondsSince(green.startedAt, now)) ??
      judgeGreen(green, fleet, targets, streak, late);
    const look = {
      ...judged,
      // a second good look is all that is missing, so it comes sooner
      waitSeconds:
        judged.streak > 0
          ? nextShortPoll(green.startedAt, now)
          : nextPoll(green.startedAt, now, settings.deadlines.greenSeconds),
    };
    if (look.status !== 'unhealthy') return look;
    const [stops, database] = await Promise.all([
      ports.stoppedTasks.of(settings.cluster, service),
      ports.vitals.connections(readerOf(settings), []),
    ]);
    return {
      ...look,
      cause: `${withNewestStop(look.cause, stops, green.taskDefinition)}${fullText(database)}`,
    };
  },
});
