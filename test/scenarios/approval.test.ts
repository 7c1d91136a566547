import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type HistoryEvent, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { greenlight } from './greenlight';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

const HOUR = 3600;
const needed = (approval: object = {}) =>
  world.configure({
    approval: { rules: [{ environments: ['example'] }], timeoutSeconds: HOUR, ...approval },
  });

/** Starts a release that needs an approval, and resolves once people have been told. */
async function asked(name: string, request: object = {}) {
  const execution = await world.start(
    { service: 'shop', image: 'shop:v2', reason: 'ticket 12', requestedBy: 'ann', ...quick, ...request },
    name,
  );
  const question = await world.asked(execution);
  return { execution, subject: '', text: '', link: '', ...question };
}

const answerRow = async (name: string) =>
  (await world.journal(name)).find(({ step }) => step === 'RecordApproval')?.result;

const post = (link: string, fields: Record<string, string>) =>
  fetch(link, { method: 'POST', body: new URLSearchParams(fields) });

/** Nothing changed: v1 serves all users, the lock is free, no snapshot, no migration. */
async function expectUntouched(snapshots: number) {
  await expectServing(world, { version: 'v1', slot: 'a' });
  expect(await world.snapshots()).toHaveLength(snapshots);
}

it('is not asked for where no rule matches, and a dry run says whether and why it would be', async () => {
  await world.configure({ approval: { rules: [{ environments: ['production'] }] } });
  const free = await world.deploy({ image: 'shop:v2', dryRun: true });
  expect(free.outcome).toBe('PlanReported');
  expect(free.output).toMatchObject({ approval: { needed: false } });
  const asking = await world.deploy({ image: 'shop:v2', dryRun: true, approval: 'required' });
  expect(asking.output).toMatchObject({ approval: { needed: true, because: 'the request asks for one' } });
  await expectUntouched(0);
});

/** The history of the deployment that was answered through its link. */
let events: HistoryEvent[] = [];

it('rejected through the link: reading the page does nothing, sending the form does, and who and why is the cause', async () => {
  await needed();
  const { execution, text, subject, link } = await asked('by-link');
  expect(subject).toBe('shop: may shop:v2 be deployed to example?');
  expect(text).toContain('asked for by ann: ticket 12');
  expect(text).toContain('approval rule 1 of the service asks for one: environment example');
  expect(text).toContain('greenlight approve by-link --workflow Shop --reason');

  const read = await fetch(link);
  expect([read.status, read.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await read.text()).toContain('<form method="post">');
  expect(await world.entered(execution, 'RequestApproval')).toBe(true);
  expect((await fetch(link.replace(/key=.*/, 'key=guessed'))).status).toBe(404);
  expect(
    (await post(link.replace(/key=.*/, 'key=guessed'), { answer: 'approve', by: 'eve', reason: 'x' })).status,
  ).toBe(404);
  expect((await post(link, { answer: 'reject', by: '', reason: 'x' })).status).toBe(400);
  expect(await answerRow('by-link')).toBeUndefined();

  const sent = await post(link, { answer: 'reject', by: 'bob <b>', reason: 'not on a friday' });
  expect(sent.status).toBe(200);
  expect(await sent.text()).toContain('rejected by bob &lt;b&gt;: not on a friday');
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentRejected');
  events = ended.events;
  expect(ended.cause).toBe('the deployment was rejected by bob <b>: not on a friday; nothing was changed');
  expect(await answerRow('by-link')).toMatchObject({
    approved: false,
    by: 'bob <b>',
    reason: 'not on a friday',
  });
  expect((await post(link, { answer: 'approve', by: 'eve', reason: 'too late' })).status).toBe(409);
  await expectUntouched(0);
});

it('keeps the token and the secret of the link out of results, journal and logs', async () => {
  const scheduled = events.find(({ taskScheduledEventDetails }) => taskScheduledEventDetails);
  const token =
    /"token":"([^"]+)"/.exec(scheduled?.taskScheduledEventDetails?.parameters ?? '')?.[1] ?? 'none';
  const elsewhere = JSON.stringify([
    events.filter((event) => event !== scheduled),
    await world.journal('by-link'),
  ]);
  expect(token.length).toBeGreaterThan(8);
  expect(elsewhere).not.toContain(token);
  expect(elsewhere).not.toContain('key=');
});

it('counts as a no when nobody answers in time, and a later answer is told so', async () => {
  await needed({ timeoutSeconds: 160 });
  const { execution, link } = await asked('nobody');
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain('rejected by time-out: nobody answered for 160 s');
  expect((await fetch(link)).status).toBe(200);
  const late = await greenlight(world, 'approve', 'nobody', '--reason', 'late', '--by', 'eve');
  expect(late.code).toBe(1);
  expect(late.error).toContain('is answered already: rejected by time-out: nobody answered for 160 s');
  await expectUntouched(0);
});

it('an answer that cannot be read is a no', async () => {
  await needed();
  const { execution } = await asked('unread');
  await answerByToken('unread', { approved: 'sure' });
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.cause).toContain('the answer cannot be read');
  await expectUntouched(0);
});

it('an answer to a deployment that was stopped meanwhile says that nobody waits', async () => {
  await needed();
  const { execution } = await asked('stopped');
  await world.stop(execution);
  const late = await greenlight(world, 'approve', 'stopped', '--reason', 'late', '--by', 'eve');
  expect(late.code).toBe(1);
  expect(late.error).toContain('deployment stopped does not wait for it now');
  // the reconciler undoes what was begun: nothing
  while (await world.lockHolder()) await new Promise((resolve) => setTimeout(resolve, 50));
  const none = await greenlight(world, 'approve', 'never', '--reason', 'x', '--by', 'eve');
  expect(none.error).toContain('deployment never has asked nothing');
  await expectUntouched(0);
});

it('approved from the command line, v2 is released, and who and why is in the journal', async () => {
  await needed();
  const { execution } = await asked('by-cli');
  const yes = await greenlight(world, 'approve', 'by-cli', '--reason', 'ticket 12 is urgent', '--by', 'bob');
  expect(yes).toEqual({
    code: 0,
    out: 'shop: may shop:v2 be deployed to example? approved by bob: ticket 12 is urgent',
    error: '',
  });
  const again = await greenlight(world, 'reject', 'by-cli', '--reason', 'oh no', '--by', 'eve');
  expect(again.code).toBe(1);
  expect(again.error).toMatch(/is answered already: approved by bob: ticket 12 is urgent/);
  const ended = await world.ended(execution);
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(await answerRow('by-cli')).toMatchObject({
    approved: true,
    by: 'bob',
    reason: 'ticket 12 is urgent',
  });
  expect(await world.serving()).toEqual(['v2']);
  expect(await world.lockHolder()).toBeUndefined();
});

it('approved through the API by the task token, v1 is back; nothing was waited for that nobody has to answer', async () => {
  await needed();
  const { execution } = await asked('by-api', { image: 'shop:v1', migrations: 'none' });
  await answerByToken('by-api', { approved: true, by: 'pipeline', reason: 'tests are green' });
  expect((await world.ended(execution)).outcome).toBe('DeploymentSucceeded');
  expect(await answerRow('by-api')).toMatchObject({
    approved: true,
    by: 'pipeline',
    reason: 'tests are green',
  });
  expect(await world.serving()).toEqual(['v1']);
});

it('goes on without anybody where the settings approve by default', async () => {
  await needed({ timeoutSeconds: 160, onTimeout: 'approve' });
  const { execution } = await asked('nobody-approve');
  expect((await world.ended(execution)).outcome).toBe('DeploymentSucceeded');
  expect(await answerRow('nobody-approve')).toMatchObject({ approved: true, by: 'time-out' });
  expect(await world.serving()).toEqual(['v2']);
  expect(world.load.lost()).toBe(0);
});

/** What the API asks for: the token from the question's row, and an answer as JSON. */
async function answerByToken(deployment: string, answer: object): Promise<void> {
  const { Item } = await new DynamoDBClient(world.aws).send(
    new GetItemCommand({
      TableName: world.cloud.outputs.JournalTable,
      Key: { pk: { S: `deployment#${deployment}` }, sk: { S: 'question#approval' } },
    }),
  );
  await new SFNClient(world.aws).send(
    new SendTaskSuccessCommand({ taskToken: Item?.token?.S ?? '', output: JSON.stringify(answer) }),
  );
}
