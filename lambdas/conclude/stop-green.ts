import * as z from 'zod/mini';
import { fleetReader, fleetScaler } from '../../src/aws/fleet';
import { metrics } from '../../src/aws/metrics';
import { silence } from '../../src/aws/silence';
import { weightsReader } from '../../src/aws/traffic';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { stopGreenResult } from '../../src/domain/results/conclude';
import { otherSlot } from '../../src/domain/settings/choices';
import { nextShortPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const stopGreen = defineStep({
  name: 'StopGreen',
  uses: { weightsReader, metrics, fleetReader, fleetScaler },
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
    const slot = otherSlot(live.slot);
    const { service } = settings.slots[slot];
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    const waiting = (cause: string) => ({
      status: late ? ('stuck' as const) : ('stopping' as const),
      waitSeconds: nextShortPoll(since, now),
      cause: late ? `${cause} after ${late}` : cause,
    });

    const fleet = await ports.fleetReader.state(settings.cluster, service);
    if (!fleet || (fleet.desired === 0 && fleet.running === 0))
      return { status: 'stopped' as const, waitSeconds: 0, cause: `${service} runs no tasks` };
    if (fleet.desired === 0) return waiting(`${fleet.running} tasks of ${service} are stopping`);

    const proof = await silence(ports, settings, now);
    if (returnedAt !== null) {
      const decision = await proof.of(slot, live.slot, returnedAt);
      if (!decision.yes) return waiting(`${service} keeps running: ${decision.because}`);
    } else if (proof.weightOf(slot) > 0)
      return waiting(`${service} keeps running: it has weight ${proof.weightOf(slot)}`);
    await ports.fleetScaler.scale(settings.cluster, service, 0);
    return waiting(`${service} is told to stop`);
  },
});
