import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { claims } from '../../src/aws/journal';
import { metrics } from '../../src/aws/metrics';
import { taskProtection } from '../../src/aws/protection';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { silence } from '../../src/aws/silence';
import { endSlot, giveUpMinimum, whatKeeps } from '../../src/aws/slots';
import { weightsReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { greenSchema, liveSchema, shiftSchema } from '../../src/domain/deployment/variables';
import { retireBlueResult } from '../../src/domain/results/contract';
import { serviceIn, slotBeside } from '../../src/domain/settings/slots';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

const REPLACED = 'the previous version was replaced in place';

export const retireBlue = defineStep({
  name: 'RetireBlue',
  uses: {
    claims,
    weightsReader,
    metrics,
    fleetReader,
    fleetScaler,
    boundsReader,
    minimumSetter,
    taskProtection,
  },
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
  async run({ deployment, live, green, shift, contracts, deploymentId, execution, now }, ports) {
    const { settings } = deployment;
    const { soakSeconds, deadlines, rollback, streams } = settings;
    // an execution that goes on with the deployment has its own time for it
    const since = await ports.claims.claim(deploymentId, `retiring#${execution}`, now.toISOString());
    const patience = soakSeconds + deadlines.rollbackSeconds + (streams?.drainSeconds ?? 0);
    const late = overdue(since, now, patience);
    const told = (status: 'retired' | 'waiting' | 'warm' | 'kept', cause: string, warmUntil = '') => ({
      status,
      // it was shifted a bake ago, and a task stops within a minute or so
      waitSeconds: nextShortPoll(shift.since, now),
      warmUntil,
      cause,
    });
    // the release itself is done: a blue that keeps running is said to, and is stopped later, by the schedule
    const waiting = (cause: string) =>
      late ? told('kept', `${cause} after ${late}`, now.toISOString()) : told('waiting', cause);

    // rolled out in place, what still runs in the other slot is of an earlier release than the previous version, kept warm until then
    const inPlace = green.slot === live.slot;
    const slot = slotBeside(settings, green.slot);
    if (!slot) return told('retired', REPLACED);
    const service = serviceIn(settings, slot);
    const fleet = await ports.fleetReader.state(settings.cluster, service);
    if (fleet?.desired === 0 && fleet.running === 0) {
      await giveUpMinimum(ports, settings, slot);
      const ended = streams && (await ports.claims.claimed(deploymentId, 'streams-ended'));
      const stopped = inPlace ? REPLACED : `${service} has stopped`;
      return told('retired', ended ? `${stopped}; ${ended}` : stopped);
    }
    const keeps = async () => (fleet && late ? whatKeeps(ports, settings, slot, fleet) : undefined);
    if (fleet?.desired === 0)
      return waiting((await keeps()) ?? `${fleet.running} tasks of ${service} are stopping`);

    const decision = await (await silence(ports, settings, now)).of(slot, green.slot, shift.since);
    if (!decision.yes) return waiting(`${service} keeps running: ${decision.because}`);
    // also one that is kept warm is first seen to be silent: the next deployment takes its place at once
    const warm = contracts || inPlace ? 0 : Math.min(rollback.warmSeconds, rollback.windowSeconds);
    const until = new Date(now.getTime() + warm * 1000).toISOString();
    if (warm > 0)
      return told('warm', `${service} is kept running until ${until} for a quick rollback`, until);
    const kept = await keeps();
    const silent = { slot, desired: fleet?.desired ?? 0, changedAt: shift.since, now };
    const { over, because } = await endSlot(ports, settings, silent, (drain) =>
      ports.claims.claim(deploymentId, 'draining', drain),
    );
    if (over && streams) await ports.claims.claim(deploymentId, 'streams-ended', because);
    return waiting(kept ?? because);
  },
});
