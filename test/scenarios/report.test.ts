import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { parsed } from '../domain/report/parsed';
import { greenlight } from './greenlight';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

let world: World;
let s3: S3Client;
let bucket: string;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
  s3 = new S3Client({ ...world.aws, forcePathStyle: true });
  bucket = world.cloud.outputs.ReportsLocation?.split('/')[2] ?? '';
});
afterAll(() => world?.close());
afterEach(async () => {
  world.mend();
  await world.rest();
});

const keyOf = (deployment: string) => `reports/Shop/${deployment}.html`;
/** As the console of AWS has it, of this cloud's own endpoint. */
const linkTo = (deployment: string) =>
  `${world.cloud.endpoint}/s3/object/${bucket}?region=${world.cloud.region}&prefix=${encodeURIComponent(keyOf(deployment))}`;

async function pageOf(deployment: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(deployment) }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** What the topic was told last of the deployment. */
const toldOf = (deployment: string) =>
  world.cloud.services.sns.recent().findLast(({ message }) => message.includes(`report ${deployment} `))
    ?.message ?? '';
const eventOf = (type: string, deployment: string) =>
  world.cloud.services.events
    .recent()
    .find(
      ({ detail, ...event }) =>
        event['detail-type'] === type && (detail as { deployment: string }).deployment === deployment,
    )?.detail;

it('a release leaves a page that says what it did, and its output, notification and event lead there', async () => {
  const ended = await world.deploy({ image: 'shop:v2', ...quick }, 'released');
  expect(ended.outcome).toBe('DeploymentSucceeded');
  const page = parsed((await pageOf('released')) ?? '');
  expect(page.texts('outcome')).toEqual(['shop:v2 is live.']);
  expect(page.texts('way')[0]).toMatch(/^prepareprotectexpanddeployshift.*finishDeploymentSucceeded$/);
  expect(page.texts('tr').filter((row) => /20260112090000/.test(row))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^20260112090000\w*expandACCESS EXCLUSIVE on public\./)]),
  );
  expect(page.texts('figcaption')).toEqual(
    expect.arrayContaining(['requests that were judged', 'requests that failed']),
  );
  expect(page.texts('figure')[0]).toMatch(/green at last \d.*blue at last \d/s);
  // its own last step is in it
  expect(page.texts('tr').some((row) => row.includes('CompleteDeployment'))).toBe(true);
  expect(ended.output).toMatchObject({ report: linkTo('released') });
  expect(await (await fetch(linkTo('released'))).text()).toBe(await pageOf('released'));
  expect(page.texts('tr')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^duringa snapshot belongs to this deploymentproven.* is available$/),
      expect.stringMatching(/^duringusers were moved on evidenceproven.*100 % of the users$/),
      expect.stringMatching(/^T\+2 hsupport and users report nothing unusualpeople$/),
    ]),
  );
  expect(toldOf('released')).toContain(`report: ${linkTo('released')}`);
  expect(eventOf('DeploymentSucceeded', 'released')).toMatchObject({ report: linkTo('released') });
  const checklist = await greenlight(world, 'plan', '--checklist', '--deployment', 'released');
  expect(checklist.code).toBe(0);
  for (const proven of [
    'the database is ready — validated standard at ',
    'the deployment has ended well',
    'it can still be taken back — a rollback is possible until ',
  ])
    expect(checklist.out).toContain(`- [x] ${proven}`);
  expect(checklist.out).toContain('- [ ] **not so**: alarms exist, and somebody hears them — nobody would');
  const unknown = await greenlight(world, 'plan', '--checklist', '--deployment', 'nobody');
  expect(unknown).toMatchObject({ code: 1, error: expect.stringContaining('has nothing of "nobody"') });
});

it('a rollback leaves the same, and its cause leads there', async () => {
  const ended = await world.deploy(
    { image: 'shop:v5', ...quick, deadlines: { greenSeconds: 30 } },
    'rolled-back',
  );
  expect(ended.outcome).toBe('RolledBack');
  expect(ended.report).toBe(linkTo('rolled-back'));
  expect(toldOf('rolled-back')).toContain(`report: ${linkTo('rolled-back')}`);
  const page = parsed((await pageOf('rolled-back')) ?? '');
  expect(page.texts('outcome')[0]).toMatch(/^shop:v5 was rolled back: /);
  expect(page.texts('way')[0]).toMatch(/revertconcludeRolledBack$/);
});

it('so does a request that is refused, before there is a deployment and after', async () => {
  const ended = await world.deploy({ image: 'shop:v77' }, 'unknown-image');
  expect(ended.outcome).toBe('DeploymentRejected');
  expect(ended.report).toBe(linkTo('unknown-image'));
  const page = parsed((await pageOf('unknown-image')) ?? '');
  expect(page.texts('outcome')[0]).toMatch(/was rejected: .*shop:v77/);
  const refused = await world.deploy({ image: 'shop:v2', canaryPercent: 500 }, 'not-understood');
  expect(refused.report).toBe(linkTo('not-understood'));
  expect(parsed((await pageOf('not-understood')) ?? '').texts('outcome')[0]).toMatch(/was rejected: /);
});

it('who answered what is in the page, as the words that it is', async () => {
  const execution = await world.start(
    { service: 'shop', reason: 'a <b>test</b>', image: 'shop:v2', approval: 'required', ...quick },
    'asked',
  );
  const { link = '' } = (await world.asked(execution)) ?? {};
  const answer = { answer: 'reject', by: 'bob <script>', reason: '"><img src=x onerror=alert(1)>' };
  expect((await fetch(link, { method: 'POST', body: new URLSearchParams(answer) })).status).toBe(200);
  expect((await world.ended(execution)).outcome).toBe('DeploymentRejected');
  const text = (await pageOf('asked')) ?? '';
  const page = parsed(text);
  expect(page.texts('dd').join('\n')).toContain(`bob <script> rejected: "><img src=x onerror=alert(1)>`);
  expect([...page.elements].filter((name) => ['script', 'img', 'b'].includes(name))).toEqual([]);
  expect([...page.attributes].filter((name) => name.startsWith('on'))).toEqual([]);
  // what the link of the question is opened by is no part of what anybody can read later
  expect(text).not.toContain(new URL(link).searchParams.get('key') ?? 'no key');
});

it('a stopped execution leaves a page that leads to its recovery, which ends it', async () => {
  // who goes on with it waits before it has written a row
  world.fault({
    operation: 'lambda:Invoke',
    target: 'GreenlightRecoverDeployment',
    kind: 'slow',
    delayMs: 60_000,
    times: 1,
  });
  const name = await world.abandon({ image: 'shop:v2', ...quick }, { state: 'StartGreen', when: 'after' });
  const recovery = world.execution(`${name}-recover-1`);
  await world.begun(`${name}-recover-1`);
  let page: string | undefined;
  while (page === undefined) page = await pageOf(name);
  expect(parsed(page).texts('outcome')[0]).toMatch(/^shop:v2 has not ended: the newest step is /);
  expect(parsed(page).links).toEqual([
    `https://${world.cloud.region}.console.aws.amazon.com/states/home?region=${world.cloud.region}#/v2/executions/details/${encodeURIComponent(recovery)}`,
  ]);
  expect(toldOf(name)).toContain(recovery);
  const ended = await world.endOf(`${name}-recover-1`);
  expect(ended.report).toBe(linkTo(name));
  const after = parsed((await pageOf(name)) ?? '');
  expect(after.texts('outcome')[0]).toMatch(/^shop:v2 was rolled back: /);
  expect(after.texts('dd').join('\n')).toContain(`in ${recovery}: its execution is over`);
});

it('what a person has to do is in the page of a deployment that needs one', async () => {
  world.fault({
    operation: 'secretsmanager:GetSecretValue',
    kind: 'override',
    role: 'ChooseRollback',
    patch: { SecretString: JSON.stringify({ host: '127.0.0.1', port: 1, username: 'nobody', password: '' }) },
  });
  const deadlines = { rollbackSeconds: 30 };
  const ended = await world.deploy({ image: 'shop:v4', ...quick, deadlines }, 'left-to-people');
  expect(ended.outcome).toBe('NeedsOperator');
  expect(ended.report).toBe(linkTo('left-to-people'));
  expect(eventOf('OperatorNeeded', 'left-to-people')).toMatchObject({ report: linkTo('left-to-people') });
  const page = parsed((await pageOf('left-to-people')) ?? '');
  expect(page.texts('outcome')[0]).toMatch(/^shop:v4 needs an operator: /);
  expect(page.texts('li').join('\n')).toContain('npx greenlight rollback left-to-people --workflow Shop');
  expect(page.texts('dd')).toContain('a person has to decide, and the lock is kept until then');
  world.mend();
  expect((await world.rollBack('left-to-people')).outcome).toBe('RolledBack');
  expect(parsed((await pageOf('left-to-people')) ?? '').texts('outcome')[0]).toMatch(/was rolled back/);
});

it.each([
  [
    'refuses it',
    { kind: 'deny' },
    { image: 'shop:v5', deadlines: { greenSeconds: 30 } },
    'RolledBack',
    /^it could not be written \(AccessDenied: /,
  ],
  [
    'does not answer',
    { kind: 'slow', delayMs: 600_000 },
    { image: 'shop:v2', dryRun: true },
    'PlanReported',
    /^it could not be written \(Amazon S3 gave no answer in 5 s\)/,
  ],
] as const)(
  'a bucket that %s changes nothing of how a deployment ends',
  async (_, how, request, end, why) => {
    const name = `unwritten-${how.kind}`;
    world.fault({ operation: 's3:PutObject', role: 'ReleaseLock', ...how });
    world.fault({ operation: 's3:PutObject', role: 'Reconcile', ...how });
    const { outcome, report } = await world.deploy({ ...quick, ...request }, name);
    expect(outcome).toBe(end);
    expect(report).toMatch(why);
    expect(report).toContain(`npx greenlight report ${name} --workflow Shop`);
    expect(toldOf(name)).toContain(report);
    expect(await pageOf(name)).toBeUndefined();
    expect(await world.lockHolder()).toBeUndefined();
  },
);

it('a page that could not be written at a bad end is written once that has been heard of', async () => {
  world.fault({
    operation: 's3:PutObject',
    role: 'GreenlightReleaseLock',
    kind: 'before',
    error: 'AccessDenied',
  });
  const ended = await world.deploy({ image: 'shop:v77' }, 'late-page');
  expect(ended.report).toMatch(/^it could not be written \(AccessDenied: /);
  let page: string | undefined;
  while (page === undefined) page = await pageOf('late-page');
  expect(parsed(page).texts('outcome')[0]).toMatch(/was rejected: /);
});

it('--url gives an address at which anybody reads the page, and says so where there is none', async () => {
  const { out } = await greenlight(world, 'report', 'rolled-back', '--url');
  const answer = await fetch(out.trim());
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await answer.text()).toBe(await pageOf('rolled-back'));
  const none = await greenlight(world, 'report', 'never-was', '--url');
  expect(none.code).toBe(1);
  expect(none.error).toContain(`there is no report at s3://${bucket}/reports/Shop/never-was.html`);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents.filter(({ Key = '' }) => !/^reports\/Shop\/[^/]+\.html$/.test(Key))).toEqual([]);
});
