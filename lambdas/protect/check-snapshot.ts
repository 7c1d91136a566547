import * as z from 'zod/mini';
import { snapshotReader } from '../../src/aws/snapshots';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { checkSnapshotResult } from '../../src/domain/results/protect';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const checkSnapshot = defineStep({
  name: 'CheckSnapshot',
  uses: { snapshotReader },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    snapshot: z.object({ name: z.string(), startedAt: z.iso.datetime() }),
  }),
  output: checkSnapshotResult,
  async run({ deployment, snapshot, now }, ports) {
    const { status, progress, detail } = await ports.snapshotReader.state(snapshot.name);
    const late = overdue(snapshot.startedAt, now, deployment.settings.deadlines.snapshotSeconds);
    return {
      status: status === 'creating' && late ? 'failed' : status,
      progress,
      waitSeconds: nextPoll(snapshot.startedAt, now, deployment.settings.deadlines.snapshotSeconds),
      cause: late ? `${detail} (${progress} %) after ${late}` : detail,
    };
  },
});
