import * as z from 'zod/mini';
import { snapshotTaker } from '../../src/aws/snapshots';
import { checkedDeployment } from '../../src/domain/checked-deployment';
import { firstPoll } from '../../src/domain/deadline';
import { liveSchema } from '../../src/domain/live';
import { snapshotName } from '../../src/domain/marks';
import { defineStep } from '../../src/runtime/define-step';

export const snapshotDatabase = defineStep({
  name: 'SnapshotDatabase',
  uses: { snapshotTaker },
  acts: 'forward',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  async run({ deployment, live, now }, ports) {
    const snapshot = snapshotName(deployment.id);
    await ports.snapshotTaker.take(snapshot, live.database, deployment.id);
    return {
      snapshot: { name: snapshot, startedAt: now.toISOString() },
      waitSeconds: firstPoll(deployment.settings.deadlines.snapshotSeconds),
    };
  },
});
