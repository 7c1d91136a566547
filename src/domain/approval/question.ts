import * as z from 'zod/mini';
import { why, words } from '../text/schemas';

/** What a person may be asked during a deployment, one word each: the question's name in the journal table. */
export const questionNames = ['approval', 'rollback'] as const;
export type QuestionName = (typeof questionNames)[number];

/** What is asked, in words for people; it holds no secret. */
export interface Question {
  deployment: string;
  name: QuestionName;
  /** Says what is asked; ends in a question mark. */
  title: string;
  /** What one has to know to answer, a line each. */
  lines: string[];
  /** When it was asked, and when the default answer takes over, in ISO 8601. */
  askedAt: string;
  expiresAt: string;
}

/** Who said yes or no, when and why. `reason` is for the journal and for people. */
export const answerSchema = z.object({
  approved: z.boolean(),
  by: words(200, 'who answers'),
  reason: why('why'),
});
export type Answer = z.infer<typeof answerSchema> & { at: string };

/** Who answers for people who do not. */
export const NOBODY = 'time-out';

export const expiry = (askedAt: Date, timeoutSeconds: number) =>
  new Date(askedAt.getTime() + timeoutSeconds * 1000).toISOString();

/** `approved by ann: ticket 12`. */
export const answerText = ({ approved, by, reason }: Answer) =>
  `${approved ? 'approved' : 'rejected'} by ${by}: ${reason}`;

/** Is it this answer that stands? Two people may answer in the same moment, and a request may be sent twice. */
export const sameAnswer = (one: Answer, other: Answer) =>
  one.at === other.at && answerText(one) === answerText(other);

/** The message that people get: what is asked, and every way to answer. The link is a secret of its reader. */
export function questionText(
  question: Question,
  { workflow, link }: { workflow: string; link: string },
): string {
  const command = (verb: string) =>
    `npx greenlight ${verb} ${question.deployment} --workflow ${workflow} --reason "..."`;
  return [
    question.title,
    '',
    ...question.lines,
    '',
    `yes: ${command('approve')}`,
    `no:  ${command('reject')}`,
    ...(link ? [`or on this page, whose address is only for you: ${link}`] : []),
  ].join('\n');
}

/**
 * What an answer says that came with the task token: whoever sends one by `states:SendTaskSuccess` may send anything.
 * No answer at all is the time-out's; one that cannot be read is a no.
 */
export function answerOf(sent: unknown, now: Date, byDefault: { approved: boolean; reason: string }): Answer {
  const at = now.toISOString();
  if (sent === null) return { ...byDefault, by: NOBODY, at };
  const read = answerSchema.safeParse(sent);
  if (read.success) return { ...read.data, at };
  return {
    approved: false,
    by: 'unknown',
    reason: 'the answer cannot be read; expected {"approved": true or false, "by": "...", "reason": "..."}',
    at,
  };
}
