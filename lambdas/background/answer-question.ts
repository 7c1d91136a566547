import * as z from 'zod/mini';
import { answering } from '../../src/aws/questions';
import { fits } from '../../src/aws/secret';
import { answerSchema, sameAnswer } from '../../src/domain/approval/question';
import { closedPage, formPage, type Page, plainPage } from '../../src/domain/approval/question-page';
import { defineBackground } from '../../src/runtime/define-background';

/** What a function URL gives. Source: AWS Lambda Developer Guide, "Invoking function URLs", payload format version 2.0. */
const requestSchema = z.object({
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  queryStringParameters: z._default(z.record(z.string(), z.string()), {}),
  body: z._default(z.string(), ''),
  isBase64Encoded: z._default(z.boolean(), false),
});

/** The form as a browser sends it. */
function formOf({ body, isBase64Encoded }: z.infer<typeof requestSchema>) {
  const fields = new URLSearchParams(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  const { answer, by, reason } = Object.fromEntries(fields);
  return answerSchema.safeParse({
    approved: answer === 'approve' ? true : answer === 'reject' ? false : undefined,
    by,
    reason,
  });
}

/** The page behind the link of a notification. Reading it changes nothing: mail scanners follow links. */
export const answerQuestion = defineBackground({
  name: 'AnswerQuestion',
  comment: 'Shows a question of a deployment to who has its link, and takes the answer.',
  triggers: ['request'],
  uses: { answering },
  async run(event, ports, now): Promise<Page> {
    const request = requestSchema.parse(event);
    const { method } = request.requestContext.http;
    if (method !== 'GET' && method !== 'POST')
      return plainPage(405, 'this page is read with GET and answered with POST');
    const { deployment = '', question: name = '', key = '' } = request.queryStringParameters;
    const questions = deployment === '' ? [] : await ports.answering.questions(deployment);
    const found = questions.find(({ question }) => question.name === name);
    // one answer for both, so that nobody can try out which deployments there are
    if (!found || !fits(key, found.secretHash))
      return plainPage(404, 'there is no such question, or a newer message about it has another link');
    if (found.answer) return closedPage(method === 'POST' ? 409 : 200, found.question, found.answer);
    if (now.toISOString() > found.question.expiresAt)
      return plainPage(
        410,
        `nobody answered until ${found.question.expiresAt}, so the default answer counts`,
      );
    if (method === 'GET') return formPage(200, found.question);

    const answer = formOf(request);
    if (!answer.success) return formPage(400, found.question, 'say yes or no, who you are, and why');
    const mine = { ...answer.data, at: now.toISOString() };
    const { stands, waiting } = await ports.answering.answer(found, mine);
    if (!sameAnswer(stands, mine)) return closedPage(409, found.question, stands);
    return waiting
      ? closedPage(200, found.question, stands)
      : plainPage(409, 'the answer is written down, but the deployment does not wait for it now');
  },
  // neither the page nor the link, whose key is a secret
  tell: ({ statusCode }) => [{ decision: { statusCode } }],
});
