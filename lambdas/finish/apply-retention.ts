import * as z from 'zod';
import { snapshotShelf } from '../../src/aws/snapshots';
import { deploymentSchema } from '../../src/domain/deployment';
import { expired } from '../../src/domain/retention';
import { defineStep } from '../../src/runtime/define-step';

export const applyRetention = defineStep({
  name: 'ApplyRetention',
  uses: { snapshotShelf },
  acts: true,
  input: z.object({ deployment: deploymentSchema }),
  async run({ deployment: { settings, id }, now }, ports) {
    const own = await ports.snapshotShelf.own(settings.database.instance);
    // whoever holds the lock is the only deployment that is not over
    const old = expired(own, settings.retention, [id], now);
    for (const { name } of old) await ports.snapshotShelf.remove(name);
    return { removed: old.map(({ name }) => name), kept: own.length - old.length, cause: '' };
  },
});
