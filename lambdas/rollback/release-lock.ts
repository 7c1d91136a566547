import * as z from 'zod';
import { events, people } from '../../src/aws/announcements';
import { lock } from '../../src/aws/lock';
import { readableCause } from '../../src/domain/cause';
import { deploymentSchema } from '../../src/domain/deployment';
import { defineStep } from '../../src/runtime/define-step';

const announcements = {
  RolledBack: 'DeploymentRolledBack',
  DeploymentRejected: 'DeploymentRejected',
} as const;

export const releaseLock = defineStep({
  name: 'ReleaseLock',
  uses: { lock, events, people },
  input: z.object({
    deployment: deploymentSchema,
    outcome: z.enum(['RolledBack', 'DeploymentRejected']),
    why: z.string(),
    schema: z.string(),
  }),
  async run({ deployment, outcome, why, schema }, ports) {
    const { service } = deployment.settings;
    const cause =
      outcome === 'RolledBack'
        ? `${readableCause(why)}; the previous version serves all traffic, schema ${schema}`
        : readableCause(why);
    await ports.events.put(announcements[outcome], {
      deployment: deployment.id,
      service,
      image: deployment.image,
      cause,
    });
    await ports.people.tell(
      `${service}: ${deployment.asked} was ${outcome === 'RolledBack' ? 'rolled back' : 'rejected'}`,
      cause,
    );
    await ports.lock.release(service, deployment.id);
    return { outcome, cause };
  },
});
