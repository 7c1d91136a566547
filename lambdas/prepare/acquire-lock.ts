import * as z from 'zod';
import { events } from '../../src/aws/announcements';
import { lock } from '../../src/aws/lock';
import { deploymentSchema } from '../../src/domain/deployment';
import { LEASE_SECONDS } from '../../src/domain/limits';
import { defineStep } from '../../src/runtime/define-step';

export const acquireLock = defineStep({
  name: 'AcquireLock',
  uses: { lock, events },
  input: z.object({ deployment: deploymentSchema }),
  async run({ deployment, now }, ports) {
    const { service } = deployment.settings;
    const taken = await ports.lock.acquire(service, deployment.id, now, LEASE_SECONDS);
    if (!taken.acquired)
      return {
        acquired: false,
        lock: null,
        cause: `deployment ${taken.holder} of ${service} holds the lock until ${taken.until} at the latest; nothing was changed, start again when it has ended`,
      };
    await ports.events.put('DeploymentStarted', {
      deployment: deployment.id,
      service,
      image: deployment.image,
      strategy: deployment.strategy,
      requestedBy: deployment.requestedBy,
      reason: deployment.reason,
    });
    return { acquired: true, lock: { service, fence: taken.fence }, cause: '' };
  },
});
