import * as z from 'zod/mini';
import { events, people } from '../../src/aws/announcements';
import { asking } from '../../src/aws/questions';
import { approvalQuestion } from '../../src/domain/approval/approval-question';
import { questionText } from '../../src/domain/approval/question';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { requestApprovalResult } from '../../src/domain/results/approve';
import { nonEmpty } from '../../src/domain/text/schemas';
import { APPROVAL_LIMIT_SECONDS, LEASE_SECONDS } from '../../src/domain/time/limits';
import { defineStep } from '../../src/runtime/define-step';

/** The state waits for an answer with its task token; this only asks. */
export const requestApproval = defineStep({
  name: 'RequestApproval',
  uses: { asking, events, people },
  fence: 'forward',
  // people are waited for as long as this, and nothing else happens meanwhile
  leaseSeconds: APPROVAL_LIMIT_SECONDS + LEASE_SECONDS,
  input: z.object({
    deployment: checkedDeployment,
    plan: z.object({
      pending: z.array(z.string()),
      classes: z.record(z.string(), z.number()),
      remarks: z.array(z.string()),
      taskDefinition: z.optional(z.array(z.string())),
    }),
    because: z.string(),
    /** Never in the result: whoever has it may answer. */
    token: nonEmpty,
  }),
  output: requestApprovalResult,
  async run({ deployment, plan, because, token, now }, ports) {
    const question = approvalQuestion({ deployment, plan, because, now });
    const ways = await ports.asking.ask(question, token);
    await ports.people.tell(question.title, questionText(question, ways));
    await ports.events.put('ApprovalRequested', {
      deployment: deployment.id,
      service: deployment.settings.service,
      because,
      expiresAt: question.expiresAt,
    });
    return { question: question.name, because, expiresAt: question.expiresAt };
  },
});
