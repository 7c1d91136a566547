import * as z from 'zod/mini';
import { settling } from '../../src/aws/questions';
import { answerOf, answerText } from '../../src/domain/approval/question';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { recordConfirmationResult } from '../../src/domain/results/return';
import { completedByDefault } from '../../src/domain/rollback/rollback-question';
import { defineStep } from '../../src/runtime/define-step';

/** The answer that stands in the table counts, whatever woke the execution: its row is who answered, when and why. */
export const recordConfirmation = defineStep({
  name: 'RecordConfirmation',
  uses: { settling },
  input: z.object({
    deployment: checkedDeployment,
    decides: z.enum(['confirm', 'propose']),
    answer: z.unknown(),
  }),
  output: recordConfirmationResult,
  async run({ deployment, decides, answer, now }, ports) {
    const { timeoutSeconds } = deployment.settings.rollback;
    const byDefault = {
      approved: completedByDefault(deployment, decides),
      reason: `nobody answered for ${timeoutSeconds} s`,
    };
    const stands = await ports.settling.settle(
      deployment.id,
      'rollback',
      answerOf(answer ?? null, now, byDefault),
    );
    return {
      ...stands,
      cause: stands.approved ? '' : `the rollback was ${answerText(stands)}; both versions keep running`,
    };
  },
});
