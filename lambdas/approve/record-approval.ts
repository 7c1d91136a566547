import * as z from 'zod/mini';
import { settling } from '../../src/aws/questions';
import { answerOf, answerText } from '../../src/domain/approval/question';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { recordApprovalResult } from '../../src/domain/results/approve';
import { defineStep } from '../../src/runtime/define-step';

/** The answer that stands in the table counts, whatever woke the execution: its row is who answered, when and why. */
export const recordApproval = defineStep({
  name: 'RecordApproval',
  uses: { settling },
  input: z.object({ deployment: checkedDeployment, answer: z.unknown() }),
  output: recordApprovalResult,
  async run({ deployment: { id, settings, outsideWindow }, answer, now }, ports) {
    const { onTimeout, timeoutSeconds } = settings.approval;
    const byDefault = {
      // what begins outside of windows wants a person, not a clock
      approved: onTimeout === 'approve' && outsideWindow === null,
      reason: `nobody answered for ${timeoutSeconds} s`,
    };
    const stands = await ports.settling.settle(id, 'approval', answerOf(answer ?? null, now, byDefault));
    return {
      ...stands,
      cause: stands.approved ? '' : `the deployment was ${answerText(stands)}; nothing was changed`,
    };
  },
});
