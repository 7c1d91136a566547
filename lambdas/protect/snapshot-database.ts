import * as z from 'zod';
import { snapshotName, snapshotTaker } from '../../src/aws/snapshots';
import { deploymentSchema } from '../../src/domain/deployment';
import { defineStep } from '../../src/runtime/define-step';

export const snapshotDatabase = defineStep({
  name: 'SnapshotDatabase',
  uses: { snapshotTaker },
  acts: true,
  input: z.object({ deployment: deploymentSchema }),
  async run({ deployment, now }, ports) {
    const snapshot = snapshotName(deployment.id);
    await ports.snapshotTaker.take(snapshot, deployment.settings.database.instance, deployment.id);
    return { snapshot: { name: snapshot, startedAt: now.toISOString() } };
  },
});
