import * as z from 'zod/mini';
import { snapshotTaker } from '../../src/aws/snapshots';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { snapshotName } from '../../src/domain/deployment/names';
import { liveSchema } from '../../src/domain/deployment/variables';
import { snapshotDatabaseResult } from '../../src/domain/results/protect';
import { databaseIn } from '../../src/domain/settings/database';
import { nextPoll } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const snapshotDatabase = defineStep({
  name: 'SnapshotDatabase',
  uses: { snapshotTaker },
  fence: 'forward',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    /** Since when the snapshot is wanted. */
    since: z.iso.datetime(),
  }),
  output: snapshotDatabaseResult,
  async run({ deployment, live, since, now }, ports) {
    const { id, settings } = deployment;
    const snapshot = snapshotName(id, databaseIn(settings));
    const busy = await ports.snapshotTaker.take(snapshot, databaseIn(settings, live.database), id);
    return {
      snapshot: { name: snapshot, startedAt: since },
      waitSeconds: nextPoll(since, now, settings.deadlines.snapshotSeconds),
      cause: busy,
    };
  },
});
