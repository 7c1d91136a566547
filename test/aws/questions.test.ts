import { answering, asking, settling } from '../../src/aws/questions';
import { fits } from '../../src/aws/secret';
import type { Answer, Question } from '../../src/domain/approval/question';
import { suiteTables } from './suite-table';

const tables = suiteTables();
const woken: string[] = [];
let lost = false;

beforeEach(async () => {
  lost = false;
  woken.length = 0;
  await tables.lead({
    states: {
      SendTaskSuccess: ({ taskToken }: { taskToken: string }) => {
        if (lost)
          throw Object.assign(new Error('Task Timed Out'), { name: 'TaskTimedOut', $fault: 'client' });
        woken.push(taskToken);
        return {};
      },
    },
  });
});
beforeAll(() => tables.make('questions'));

const environment = {
  table: 'questions',
  topic: '',
  settingsPrefix: '/greenlight/Shop',
  answers: 'https://x.lambda-url.eu-west-1.on.aws/',
  phase: '',
  reports: '',
  stateMachine: '',
  redact: [],
};
const ports = () => ({
  asking: asking.open(environment),
  answering: answering.open(environment),
  settling: settling.open(environment),
});
const question = (deployment: string): Question => ({
  deployment,
  name: 'approval',
  title: 'may it?',
  lines: [],
  askedAt: '2026-11-21T10:00:00.000Z',
  expiresAt: '2026-11-21T11:00:00.000Z',
});
const answer = (by: string, approved: boolean): Answer => ({
  approved,
  by,
  reason: 'a test',
  at: '2026-11-21T10:30:00.000Z',
});
const keyOf = (link: string) => new URL(link).searchParams.get('key') ?? '';

it('keeps of the link no more than a hash, and makes a new one when it is asked again', async () => {
  const { asking, answering } = ports();
  const first = await asking.ask(question('one'), 'token-1');
  const second = await asking.ask(question('one'), 'token-2');
  const [stored, ...more] = await answering.questions('one');
  expect(more).toEqual([]);
  expect(stored).toMatchObject({ question: question('one'), token: 'token-2', answer: undefined });
  expect(first.workflow).toBe('Shop');
  expect(keyOf(second.link).length).toBeGreaterThanOrEqual(43);
  expect(fits(keyOf(second.link), stored!.secretHash)).toBe(true);
  expect(fits(keyOf(first.link), stored!.secretHash)).toBe(false);
  expect(JSON.stringify(stored)).not.toContain(keyOf(second.link));
});

it('lets the first of many answers stand, and wakes the execution with that one', async () => {
  const { asking, answering } = ports();
  await asking.ask(question('race'), 'token-race');
  const [stored] = await answering.questions('race');
  const people = Array.from({ length: 8 }, (_, index) => answer(`person ${index}`, index % 2 === 0));
  const told = await Promise.all(people.map((one) => answering.answer(stored!, one)));
  const standing = (await answering.questions('race'))[0]?.answer;
  expect(people).toContainEqual(standing);
  for (const { stands } of told) expect(stands).toEqual(standing);
  expect(new Set(woken)).toEqual(new Set(['token-race']));
});

it('is not asked again once it is answered, and the time-out does not overwrite the answer', async () => {
  const { asking, answering, settling } = ports();
  await asking.ask(question('two'), 'token-1');
  const [stored] = await answering.questions('two');
  await answering.answer(stored!, answer('ann', true));
  await expect(asking.ask(question('two'), 'token-2')).rejects.toMatchObject({ name: 'AlreadyAnswered' });
  expect(await settling.settle('two', 'approval', answer('time-out', false))).toEqual(answer('ann', true));
});

it('says when nobody waits for the answer any more, which stands all the same', async () => {
  const { asking, answering } = ports();
  await asking.ask(question('gone'), 'token-gone');
  const [stored] = await answering.questions('gone');
  lost = true;
  expect(await answering.answer(stored!, answer('ann', true))).toEqual({
    stands: answer('ann', true),
    waiting: false,
  });
});

it('knows nothing of a deployment that asked nothing', async () => {
  expect(await ports().answering.questions('never')).toEqual([]);
});
