import { answerOf, answerText, type Question, questionText } from '../../../src/domain/approval/question';
import { closedPage, formPage } from '../../../src/domain/approval/question-page';

const now = new Date('2026-11-21T10:00:00Z');
const byDefault = { approved: false, reason: 'nobody answered for 60 s' };
const question: Question = {
  deployment: 'd1',
  name: 'approval',
  title: 'shop: may shop:v2 be deployed to example?',
  lines: ['asked for by <script>alert(1)</script>', `"quotes" & 'quotes'`],
  askedAt: now.toISOString(),
  expiresAt: '2026-11-21T11:00:00.000Z',
};

it.each([
  [{ approved: true, by: 'ann', reason: 'fine' }, 'approved by ann: fine'],
  [{ approved: false, by: 'ann', reason: 'no', at: 'whenever', more: 1 }, 'rejected by ann: no'],
  [null, 'rejected by time-out: nobody answered for 60 s'],
  [{ approved: 'yes', by: 'ann', reason: 'fine' }, 'rejected by unknown: the answer cannot be read'],
  [{ approved: true, by: ' ', reason: 'fine' }, 'rejected by unknown: the answer cannot be read'],
  [{ approved: true, by: 'ann' }, 'rejected by unknown: the answer cannot be read'],
  ['approved', 'rejected by unknown: the answer cannot be read'],
])('reads %j as %s', (sent, text) => {
  const answer = answerOf(sent, now, byDefault);
  expect(answerText(answer)).toContain(text);
  expect(answer.at).toBe(now.toISOString());
});

it('tells every way to answer', () => {
  const text = questionText(question, { workflow: 'Shop', link: 'https://x.lambda-url.on.aws/?key=secret' });
  expect(text).toContain('greenlight approve d1 --workflow Shop --reason "..."');
  expect(text).toContain('greenlight reject d1 --workflow Shop --reason "..."');
  expect(text).toContain('https://x.lambda-url.on.aws/?key=secret');
  expect(questionText(question, { workflow: 'Shop', link: '' })).not.toContain('on this page');
});

it('shows nothing of what it is given as markup, and runs no script', () => {
  for (const { body, headers } of [
    formPage(200, question, '<b>'),
    closedPage(200, question, { approved: true, by: '<i>', reason: '"&', at: now.toISOString() }),
  ]) {
    expect(body).not.toMatch(/<script|<b>|<i>|onclick/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
});
