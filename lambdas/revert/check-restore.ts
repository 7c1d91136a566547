import * as z from 'zod/mini';
import { restoreFinisher } from '../../src/aws/databases';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { restoredSchema } from '../../src/domain/deployment/variables';
import { checkRestoreResult } from '../../src/domain/results/revert';
import { databaseIn } from '../../src/domain/settings/database';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const checkRestore = defineStep({
  name: 'CheckRestore',
  uses: { restoreFinisher },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, restored: restoredSchema }),
  output: checkRestoreResult,
  async run({ deployment: { settings, id }, restored, now }, ports) {
    const { status, detail } = await ports.restoreFinisher.finish(
      databaseIn(settings, restored.instance),
      restored.source,
      id,
    );
    const restoreSeconds = settings.maintenance?.restoreSeconds ?? 0;
    const late = overdue(restored.startedAt, now, restoreSeconds);
    return {
      status: status === 'creating' && late ? 'failed' : status,
      waitSeconds: nextPoll(restored.startedAt, now, restoreSeconds),
      cause: late ? `${detail} after ${late}` : detail,
    };
  },
});
