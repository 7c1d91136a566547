import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { metrics } from '../../src/aws/metrics';
import { silence } from '../../src/aws/silence';
import { weightsReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { retireBlueResult } from '../../src/domain/results/contract';
import { otherSlot } from '../../src/domain/settings/choices';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const retireBlue = defineStep({
  name: 'RetireBlue',
  uses: { weightsReader, metrics, fleetReader, fleetScaler },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    green: greenSchema,
    shift: shiftSchema,
    /** What follows needs the previous version gone. */
    contracts: z.boolean(),
  }),
  output: retireBlueResult,
  async run({ deployment: { settings }, live, green, shift, contracts, now }, ports) {
    // it was shifted a bake ago, and a task stops within a minute or so
    const waitSeconds = nextShortPoll(shift.since, now);
    const warmUntil = '';
    // rolled out in place, what still runs in the other slot is of an earlier release than the previous version, kept warm until then
    const inPlace = green.slot === live.slot;
    const slot = otherSlot(green.slot);
    const { service } = settings.slots[slot];
    const fleet = await ports.fleetReader.state(settings.cluster, service);
    if (fleet?.desired === 0)
      return fleet.running === 0
        ? {
            status: 'retired' as const,
            waitSeconds,
            warmUntil,
            cause: inPlace ? 'the previous version was replaced in place' : `${service} has stopped`,
          }
        : {
            status: 'waiting' as const,
            waitSeconds,
            warmUntil,
            cause: `${fleet.running} tasks of ${service} are stopping`,
          };

    const decision = await (await silence(ports, settings, now)).of(slot, green.slot, shift.since);
    // also one that is kept warm is first seen to be silent: the next deployment takes its place at once
    const { warmSeconds, windowSeconds } = settings.rollback;
    const warm = contracts || inPlace ? 0 : Math.min(warmSeconds, windowSeconds);
    const kept = new Date(now.getTime() + warm * 1000).toISOString();
    if (decision.yes && warm > 0)
      return {
        status: 'warm' as const,
        waitSeconds,
        warmUntil: kept,
        cause: `${service} is kept running until ${kept} for a quick rollback`,
      };
    if (decision.yes) {
      await ports.fleetScaler.scale(settings.cluster, service, 0);
      return { status: 'waiting' as const, waitSeconds, warmUntil, cause: `${service} is told to stop` };
    }
    // the release itself is done: a blue that does not fall silent is left running and said to be
    const { bakeSeconds, soakSeconds, deadlines } = settings;
    const late = overdue(shift.since, now, bakeSeconds + soakSeconds + deadlines.rollbackSeconds);
    return {
      status: late ? ('kept' as const) : ('waiting' as const),
      waitSeconds,
      // stopped later, by the schedule
      warmUntil: late ? now.toISOString() : '',
      cause: `${service} keeps running: ${decision.because}`,
    };
  },
});
