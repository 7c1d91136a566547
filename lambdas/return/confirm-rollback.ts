import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { journalReader } from '../../src/aws/journal';
import { asking } from '../../src/aws/questions';
import { questionText } from '../../src/domain/approval/question';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { progressOf } from '../../src/domain/recovery/progress';
import { confirmRollbackResult } from '../../src/domain/results/return';
import { rollbackQuestion } from '../../src/domain/rollback/rollback-question';
import { readableCause } from '../../src/domain/text/readable-cause';
import { nonEmpty } from '../../src/domain/text/schemas';
import { APPROVAL_LIMIT_SECONDS, LEASE_SECONDS } from '../../src/domain/time/limits';
import { defineStep } from '../../src/runtime/define-step';

/** The state waits for an answer with its task token; this only asks. */
export const confirmRollback = defineStep({
  name: 'ConfirmRollback',
  uses: { asking, events, people, journalReader },
  fence: 'renew',
  // people are waited for as long as this, and nothing else happens meanwhile
  leaseSeconds: APPROVAL_LIMIT_SECONDS + LEASE_SECONDS,
  input: z.object({
    deployment: checkedDeployment,
    decides: z.enum(['confirm', 'propose']),
    /** What convicted green, with the numbers. */
    cause: z.string(),
    /** Never in the result: whoever has it may answer. */
    token: nonEmpty,
  }),
  output: confirmRollbackResult,
  async run({ deployment, decides, cause, token, now }, ports) {
    const progress = progressOf(await ports.journalReader.rows(deployment.id));
    const question = rollbackQuestion({
      deployment,
      decides,
      cause: readableCause(cause),
      since: progress?.variables.shift?.since ?? now.toISOString(),
      migrated: progress?.variables.migrated ?? false,
      now,
    });
    const ways = await ports.asking.ask(question, token);
    await ports.people.tell(question.title, questionText(question, ways));
    await ports.events.put('RollbackQuestioned', {
      deployment: deployment.id,
      service: deployment.settings.service,
      decides,
      expiresAt: question.expiresAt,
    });
    return { question: question.name, decides, expiresAt: question.expiresAt };
  },
});
