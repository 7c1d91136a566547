import * as z from 'zod/mini';
import { snapshotShelf } from '../../src/aws/snapshots';
import { expired } from '../../src/domain/database/snapshot-retention';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { applyRetentionResult } from '../../src/domain/results/finish';
import { databaseIn } from '../../src/domain/settings/database';
import { defineStep } from '../../src/runtime/define-step';

export const applyRetention = defineStep({
  name: 'ApplyRetention',
  uses: { snapshotShelf },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema }),
  output: applyRetentionResult,
  async run({ deployment: { settings, id }, live, now }, ports) {
    const database = databaseIn(settings, live.database);
    // those of the database that a restore has replaced are not ours to delete any more
    const own = await ports.snapshotShelf.own(database, databaseIn(settings));
    // whoever holds the lock is the only deployment that is not over
    const old = expired(own, settings.retention, [id], now);
    for (const { name } of old) await ports.snapshotShelf.remove(name, database);
    return { removed: old.map(({ name }) => name), kept: own.length - old.length, cause: '' };
  },
});
