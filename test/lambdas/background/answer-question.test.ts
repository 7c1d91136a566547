import { answerQuestion } from '../../../lambdas/background/answer-question';
import type { StoredQuestion } from '../../../src/aws/questions';
import { hashOf } from '../../../src/aws/secret';
import type { Answer } from '../../../src/domain/approval/question';
import type { Page } from '../../../src/domain/approval/question-page';

const now = new Date('2026-11-21T10:00:00Z');
const open: StoredQuestion = {
  question: {
    deployment: 'd1',
    name: 'approval',
    title: 'shop: may shop:v2 be deployed?',
    lines: [],
    askedAt: '2026-11-21T09:00:00.000Z',
    expiresAt: '2026-11-21T11:00:00.000Z',
  },
  token: 'token',
  secretHash: hashOf('secret'),
};
const bob: Answer = { approved: false, by: 'bob', reason: 'no', at: '2026-11-21T09:59:00.000Z' };
const form = 'answer=approve&by=ann&reason=it+is+fine';

interface Asking {
  method?: string;
  key?: string;
  body?: string;
  isBase64Encoded?: boolean;
  questions?: StoredQuestion[];
  /** What the table says when the answer comes. */
  stands?: Answer;
  waiting?: boolean;
}

async function ask({
  method = 'POST',
  key = 'secret',
  body,
  isBase64Encoded,
  questions,
  stands,
  waiting,
}: Asking) {
  const answers: Answer[] = [];
  const event = {
    requestContext: { http: { method } },
    queryStringParameters: { deployment: 'd1', question: 'approval', key },
    body,
    isBase64Encoded,
  };
  const answering = {
    questions: async () => questions ?? [open],
    answer: async (_: StoredQuestion, answer: Answer) => {
      answers.push(answer);
      return { stands: stands ?? answer, waiting: waiting ?? true };
    },
  };
  const { statusCode, body: html } = (await answerQuestion.run(event, { answering }, now)) as Page;
  return { statusCode, html, answers };
}

it.each<[string, Asking, number, number]>([
  ['shows the form', { method: 'GET' }, 200, 0],
  ['takes the form', { body: form }, 200, 1],
  [
    'takes the form as a function URL gives it',
    { body: Buffer.from(form).toString('base64'), isBase64Encoded: true },
    200,
    1,
  ],
  ['refuses a form without a name', { body: 'answer=approve&by=&reason=x' }, 400, 0],
  ['refuses a form without an answer', { body: 'by=ann&reason=x' }, 400, 0],
  ['refuses an empty form', {}, 400, 0],
  ['refuses another method', { method: 'DELETE' }, 405, 0],
  ['knows no question for a guessed secret', { key: 'guess', body: form }, 404, 0],
  ['knows no question without a secret', { key: '', body: form }, 404, 0],
  ['knows no question that was not asked', { questions: [], body: form }, 404, 0],
  ['shows an answer that stands', { method: 'GET', questions: [{ ...open, answer: bob }] }, 200, 0],
  ['refuses a second answer', { questions: [{ ...open, answer: bob }], body: form }, 409, 0],
  ['refuses an answer that comes second by a moment', { stands: bob, body: form }, 409, 1],
  ['says when nobody waits for it', { waiting: false, body: form }, 409, 1],
])('%s', async (_title, asking, status, answered) => {
  const { statusCode, answers } = await ask(asking);
  expect([statusCode, answers.length]).toEqual([status, answered]);
  if (answered === 1)
    expect(answers).toEqual([{ approved: true, by: 'ann', reason: 'it is fine', at: now.toISOString() }]);
});

it('is closed when its time is over, to readers and writers alike', async () => {
  const over = { ...open, question: { ...open.question, expiresAt: '2026-11-21T09:30:00.000Z' } };
  for (const method of ['GET', 'POST']) {
    const { statusCode, html, answers } = await ask({ method, questions: [over], body: form });
    expect([statusCode, answers]).toEqual([410, []]);
    expect(html).toContain('the default answer counts');
  }
});
