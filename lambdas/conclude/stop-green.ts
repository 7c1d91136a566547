import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { metrics } from '../../src/aws/metrics';
import { taskProtection } from '../../src/aws/protection';
import { boundsReader, minimumSetter } from '../../src/aws/scaling';
import { silence } from '../../src/aws/silence';
import { giveUpMinimum, stopSlot, whatKeeps } from '../../src/aws/slots';
import { weightsReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { stopGreenResult } from '../../src/domain/results/conclude';
import { serviceIn, slotBeside } from '../../src/domain/settings/slots';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const stopGreen = defineStep({
  name: 'StopGreen',
  uses: {
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
    /** When traffic was taken from green; null when green never had any. */
    returnedAt: z.nullable(z.iso.datetime()),
    since: z.iso.datetime(),
  }),
  output: stopGreenResult,
  async run({ deployment: { settings }, live, returnedAt, since, now }, ports) {
    const slot = slotBeside(settings, live.slot);
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    const told = (status: 'stopped' | 'stopping' | 'kept' | 'stuck', cause: string) => ({
      status,
      waitSeconds: nextShortPoll(since, now),
      cause,
    });
    const waiting = (cause: string, end: 'kept' | 'stuck') =>
      late ? told(end, `${cause} after ${late}`) : told('stopping', cause);

    if (!slot) return told('stopped', 'the new version was replaced in place');
    const service = serviceIn(settings, slot);
    const fleet = await ports.fleetReader.state(settings.cluster, service);
    if (!fleet || (fleet.desired === 0 && fleet.running === 0)) {
      await giveUpMinimum(ports, settings, slot);
      return told('stopped', `${service} runs no tasks`);
    }
    // it has no users any more, so what keeps its tasks is no reason to keep the lock
    const keeps = async () => (late ? whatKeeps(ports, settings, slot, fleet) : undefined);
    if (fleet.desired === 0)
      return waiting((await keeps()) ?? `${fleet.running} tasks of ${service} are stopping`, 'kept');

    const proof = await silence(ports, settings, now);
    if (returnedAt !== null) {
      const decision = await proof.of(slot, live.slot, returnedAt);
      if (!decision.yes) return waiting(`${service} keeps running: ${decision.because}`, 'stuck');
    } else if (proof.weightOf(slot) > 0)
      return waiting(`${service} keeps running: it has weight ${proof.weightOf(slot)}`, 'stuck');
    const kept = await keeps();
    await stopSlot(ports, settings, slot);
    return waiting(kept ?? `${service} is told to stop`, 'kept');
  },
});
