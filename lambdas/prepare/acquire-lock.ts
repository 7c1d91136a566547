import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { lock } from '../../src/aws/lock';
import { answering } from '../../src/aws/questions';
import { stack } from '../../src/aws/stack';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { whenBusy, withdrawal } from '../../src/domain/lock/busy';
import { acquireLockResult } from '../../src/domain/results/prepare';
import { TransientFault } from '../../src/domain/step/errors';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { LEASE_SECONDS } from '../../src/domain/time/limits';
import { RETIREMENT } from '../../src/domain/traffic/retirement';
import { defineStep } from '../../src/runtime/define-step';

const uses = { lock, events, answering, stack };

export const acquireLock = defineStep({
  name: 'AcquireLock',
  uses,
  input: z.object({
    deployment: checkedDeployment,
    /** When the deployment was asked for, and since when it wants the lock. */
    since: z.iso.datetime(),
    wanted: z.iso.datetime(),
  }),
  output: acquireLockResult,
  async run({ deployment, since, wanted, now }, ports) {
    const { id, execution, settings } = deployment;
    const { service } = settings;
    // a dry run changes nothing, so nobody gives way to it
    const onBusy = deployment.dryRun && settings.onBusy === 'supersede' ? 'wait' : settings.onBusy;
    const me = { holder: id, execution, stamp: `${since}#${id}` };
    const taken = await ports.lock.acquire(service, me, now, LEASE_SECONDS);
    if (taken.acquired) {
      if (!deployment.waited)
        await ports.events.put('DeploymentStarted', {
          deployment: id,
          service,
          image: deployment.image,
          strategy: deployment.strategy,
          requestedBy: deployment.requestedBy,
          reason: deployment.reason,
        });
      return {
        status: 'acquired' as const,
        lock: { service, fence: taken.fence },
        waitSeconds: 0,
        cause: '',
      };
    }
    const { held } = taken;
    if (held.holder === RETIREMENT) throw new TransientFault('tasks of the slots are just being scaled');
    const late = overdue(wanted, now, settings.deadlines.lockSeconds);
    const answer = whenBusy(held, onBusy, me.stamp, { now, late, stack: ports.stack.name });
    if (answer.do === 'reject')
      return {
        status: 'busy' as const,
        lock: null,
        waitSeconds: 0,
        cause: `${answer.because}; nothing was changed`,
      };
    // asked in vain, the next look tells why
    if (answer.do === 'supersede' && (await ports.lock.supersede(service, held.holder, me)))
      await withdraw(held.holder, id, now, ports);
    return {
      status: 'waiting' as const,
      lock: null,
      waitSeconds: nextPoll(wanted, now, settings.deadlines.lockSeconds),
      cause: `deployment ${held.holder} holds the lock`,
    };
  },
});

/** A superseded deployment that waits for people does not look at its lock: it is told instead of them. */
async function withdraw(holder: string, by: string, now: Date, ports: Opened<typeof uses>): Promise<void> {
  for (const stored of await ports.answering.questions(holder))
    if (stored.question.name === 'approval' && !stored.answer)
      await ports.answering.answer(stored, withdrawal(by, now));
}
