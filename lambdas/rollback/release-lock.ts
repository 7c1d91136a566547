import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { lock } from '../../src/aws/lock';
import { readableCause } from '../../src/domain/cause';
import { checkedDeployment } from '../../src/domain/checked-deployment';
import { restoredSchema } from '../../src/domain/live';
import { aboutWindow } from '../../src/domain/window';
import { defineStep } from '../../src/runtime/define-step';

const announcements = {
  RolledBack: 'DeploymentRolledBack',
  DeploymentRejected: 'DeploymentRejected',
  PlanReported: 'PlanReported',
} as const;

const inWords = {
  RolledBack: 'was rolled back',
  DeploymentRejected: 'was rejected',
  PlanReported: 'was planned',
};

const aboutRestore = (restored: z.infer<typeof restoredSchema> | null) =>
  restored
    ? `; the database is ${restored.instance} now, restored from the snapshot before the migration and equal to what it was; ${restored.source} is kept`
    : '';

export const releaseLock = defineStep({
  name: 'ReleaseLock',
  uses: { lock, events, people },
  input: z.object({
    deployment: checkedDeployment,
    outcome: z.enum(['RolledBack', 'DeploymentRejected', 'PlanReported']),
    why: z.string(),
    schema: z.string(),
    closedSeconds: z.nullable(z.number()),
    restored: z.nullable(restoredSchema),
  }),
  async run({ deployment, outcome, why, schema, closedSeconds, restored }, ports) {
    const { service } = deployment.settings;
    const cause =
      outcome === 'RolledBack'
        ? `${readableCause(why)}; the previous version serves all traffic, schema ${schema}${aboutWindow(closedSeconds)}${aboutRestore(restored)}`
        : readableCause(why) || 'nothing stands in the way of this release; nothing was changed';
    await ports.events.put(announcements[outcome], {
      deployment: deployment.id,
      service,
      image: deployment.image,
      cause,
    });
    await ports.people.tell(`${service}: ${deployment.asked} ${inWords[outcome]}`, cause, deployment.id);
    await ports.lock.release(service, deployment.id, deployment.execution);
    return { outcome, cause };
  },
});
