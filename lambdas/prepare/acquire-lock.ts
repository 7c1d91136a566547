import * as z from 'zod';
import { events } from '../../src/aws/announcements';
import { lock } from '../../src/aws/lock';
import { whenBusy } from '../../src/domain/busy';
import { nextPoll, overdue } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
import { TransientFault } from '../../src/domain/errors';
import { LEASE_SECONDS } from '../../src/domain/limits';
import { RETIREMENT } from '../../src/domain/retirement';
import { defineStep } from '../../src/runtime/define-step';

export const acquireLock = defineStep({
  name: 'AcquireLock',
  uses: { lock, events },
  input: z.object({
    deployment: deploymentSchema,
    /** When the deployment was asked for. */
    since: z.iso.datetime(),
  }),
  async run({ deployment, since, now }, ports) {
    const { id, execution, settings } = deployment;
    const { service, onBusy } = settings;
    const me = { holder: id, execution, asked: `${since}#${id}` };
    const taken = await ports.lock.acquire(service, me, now, LEASE_SECONDS);
    if (taken.acquired) {
      await ports.events.put('DeploymentStarted', {
        deployment: id,
        service,
        image: deployment.image,
        strategy: deployment.strategy,
        requestedBy: deployment.requestedBy,
        reason: deployment.reason,
      });
      return { status: 'acquired', lock: { service, fence: taken.fence }, cause: '' };
    }
    const { held } = taken;
    if (held.holder === RETIREMENT)
      throw new TransientFault(`the tasks of the version before are just being stopped`);
    const late = overdue(since, now, settings.deadlines.lockSeconds);
    const answer = whenBusy(held, onBusy, me.asked, now, late);
    if (answer.do === 'reject')
      return { status: 'busy', lock: null, cause: `${answer.because}; nothing was changed` };
    // asked in vain, the next look tells why
    if (answer.do === 'supersede') await ports.lock.supersede(service, held.holder, me);
    return {
      status: 'waiting',
      lock: null,
      waitSeconds: nextPoll(since, now, settings.deadlines.lockSeconds),
      cause: `deployment ${held.holder} holds the lock`,
    };
  },
});
