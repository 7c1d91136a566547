import * as z from 'zod/mini';
import { databaseReader } from '../../src/aws/databases';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { awaitDatabaseResult } from '../../src/domain/results/close';
import { databaseIn } from '../../src/domain/settings/database';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

/** A snapshot that RDS takes for itself, once a day, would keep the service closed until it is over. */
export const awaitDatabase = defineStep({
  name: 'AwaitDatabase',
  uses: { databaseReader },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema, since: z.iso.datetime() }),
  output: awaitDatabaseResult,
  async run({ deployment: { settings }, live, since, now }, ports) {
    const { status, free, detail } = await ports.databaseReader.state(databaseIn(settings, live.database));
    const { snapshotSeconds } = settings.deadlines;
    const late = overdue(since, now, snapshotSeconds);
    const stuck = !free && (status === 'failed' || late !== undefined);
    return {
      status: free ? ('free' as const) : stuck ? ('stuck' as const) : ('busy' as const),
      waitSeconds: nextPoll(since, now, snapshotSeconds),
      cause: late && !free ? `${detail} after ${late}, and takes no snapshot` : detail,
    };
  },
});
