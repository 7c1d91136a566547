import * as z from 'zod/mini';
import { instanceReader } from '../../src/aws/databases';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { restoredSchema } from '../../src/domain/deployment/variables';
import { checkRestoreResult } from '../../src/domain/results/revert';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { defineStep } from '../../src/runtime/define-step';

export const checkRestore = defineStep({
  name: 'CheckRestore',
  uses: { instanceReader },
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, restored: restoredSchema }),
  output: checkRestoreResult,
  async run({ deployment: { settings }, restored, now }, ports) {
    const { status, detail } = await ports.instanceReader.state(restored.instance);
    const restoreSeconds = settings.maintenance?.restoreSeconds ?? 0;
    const late = overdue(restored.startedAt, now, restoreSeconds);
    return {
      status: status === 'creating' && late ? 'failed' : status,
      waitSeconds: nextPoll(restored.startedAt, now, restoreSeconds),
      cause: late ? `${detail} after ${late}` : detail,
    };
  },
});
