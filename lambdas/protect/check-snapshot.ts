import * as z from 'zod/mini';
import { databaseReader } from '../../src/aws/databases';
import { snapshotReader } from '../../src/aws/snapshots';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { checkSnapshotResult } from '../../src/domain/results/protect';
import { databaseIn } from '../../src/domain/settings/database';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const checkSnapshot = defineStep({
  name: 'CheckSnapshot',
  uses: { snapshotReader, databaseReader },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    snapshot: z.object({ name: z.string(), startedAt: z.iso.datetime() }),
  }),
  output: checkSnapshotResult,
  async run({ deployment, live, snapshot, now }, ports) {
    const database = databaseIn(deployment.settings, live.database);
    const seen = await ports.snapshotReader.state(snapshot.name, database);
    // nothing is to be seen of it where the database is at something else, which mostly passes
    const busy = seen.status === 'missing' ? await ports.databaseReader.state(database) : undefined;
    const detail = busy ? `${seen.detail}: ${busy.detail}` : `${seen.detail} (${seen.progress} %)`;
    const late = overdue(snapshot.startedAt, now, deployment.settings.deadlines.snapshotSeconds);
    const over = ['available', 'failed'].includes(seen.status);
    return {
      status: busy?.status === 'failed' || (late && !over) ? ('failed' as const) : seen.status,
      progress: seen.progress,
      waitSeconds: nextPoll(snapshot.startedAt, now, deployment.settings.deadlines.snapshotSeconds),
      cause: late && !over ? `${detail} after ${late}` : detail,
    };
  },
});
