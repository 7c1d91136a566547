import { answering } from '../aws/questions';
import { answerText, sameAnswer } from '../domain/approval/question';
import type { Environment } from '../domain/step/port';
import { Refused, type Said, type Told } from './said';

/** Answers the open question. Throws one clear error when there is none, or when somebody was faster. */
const answerWith =
  (approved: boolean) =>
  async (workflow: Environment, { deployment, by, reason }: Said): Promise<Told> => {
    const port = answering.open(workflow);
    const questions = await port.questions(deployment);
    const open = questions.find(({ answer }) => answer === undefined) ?? questions.at(-1);
    if (!open) throw new Refused(`deployment ${deployment} has asked nothing; its id is in the notification`);
    const mine = { approved, by, reason, at: new Date().toISOString() };
    const { stands, waiting } = await port.answer(open, mine);
    const { title } = open.question;
    if (open.answer || !sameAnswer(stands, mine))
      throw new Refused(`"${title}" is answered already: ${answerText(stands)} (${stands.at})`);
    if (!waiting)
      throw new Refused(
        `the answer is written down, but deployment ${deployment} does not wait for it now: it has ended, or asks again by itself`,
      );
    return {
      text: `${title} ${answerText(stands)}`,
      document: { deployment, question: title, answer: stands },
    };
  };

export const sayYes = answerWith(true);
export const sayNo = answerWith(false);
