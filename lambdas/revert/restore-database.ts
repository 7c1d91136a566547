import * as z from 'zod/mini';
import { databaseRestorer } from '../../src/aws/databases';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { snapshotName } from '../../src/domain/deployment/names';
import { liveSchema } from '../../src/domain/deployment/variables';
import { restoreDatabaseResult } from '../../src/domain/results/revert';
import { databaseIn } from '../../src/domain/settings/database';
import { firstPoll } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const restoreDatabase = defineStep({
  name: 'RestoreDatabase',
  uses: { databaseRestorer },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: restoreDatabaseResult,
  async run({ deployment: { settings, id }, live, now }, ports) {
    const instance = await ports.databaseRestorer.restore({
      snapshot: snapshotName(id, databaseIn(settings)),
      deployment: id,
      original: databaseIn(settings),
      like: live.database,
    });
    return {
      restored: { instance, source: live.database, startedAt: now.toISOString() },
      waitSeconds: firstPoll(settings.maintenance?.restoreSeconds ?? 0),
      cause: '',
    };
  },
});
