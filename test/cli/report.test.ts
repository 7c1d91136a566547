import { createSsm } from '../../local/services/ssm';
import { journal } from '../../src/aws/journal';
import { main } from '../../src/cli';
import { suiteTables } from '../aws/suite-table';
import { manualClock } from '../local/manual-clock';

const tables = suiteTables();
let out: string[];
let problems: string[];
beforeEach(async () => {
  out = [];
  problems = [];
  jest.spyOn(console, 'log').mockImplementation((line) => out.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => problems.push(line));
});
afterEach(() => jest.restoreAllMocks());

async function account(table: string) {
  const ssm = createSsm({ clock: manualClock() });
  await tables.lead({ ssm: ssm.operations });
  const environment = await tables.make(table);
  const Value = JSON.stringify({ table, stateMachine: 'arn', topic: 'arn' });
  ssm.operations.PutParameter!({ Name: '/greenlight/Shop', Value, Type: 'String' }, { accessKeyId: 'test' });
  return journal.open(environment);
}

test.each([
  [
    ['report', '--workflow', 'Shop'],
    'expected deployment, the name of its execution, received nothing; greenlight report --help',
  ],
  [
    ['report', 'a b', '--workflow', 'Shop'],
    'expected a deployment, the name of its execution, received "a b"; greenlight report --help',
  ],
  [['report', 'a', 'b', '--workflow', 'Shop'], 'unexpected argument "b"'],
  [
    ['report', 'a'],
    "expected --workflow STACK, a CloudFormation stack that holds the DeploymentWorkflow, or the workflow's own name, received nothing",
  ],
  [['report', 'a', '--flow', 'Shop'], 'unknown option "--flow"'],
])('%j is refused with one clear error', async (args, message) => {
  expect(await main(args)).toBe(2);
  expect(problems).toEqual([expect.stringContaining(message)]);
});

test('the workflow may be said once, by the environment, and a line that says another one has its way', async () => {
  await account('elsewhere');
  process.env.GREENLIGHT_WORKFLOW = 'Shop';
  try {
    expect(await main(['report', 'release-v9'])).toBe(1);
    expect(await main(['report', 'release-v9', '--workflow', 'Wiki'])).toBe(1);
    // a name of its own may have what no stack's has
    expect(await main(['report', 'release-v9', '--workflow', '2_wiki.eu'])).toBe(1);
    expect(await main(['report', 'release-v9', '--workflow', 'a/b'])).toBe(2);
  } finally {
    delete process.env.GREENLIGHT_WORKFLOW;
  }
  expect(problems).toEqual([
    expect.stringContaining('the journal of Shop (elsewhere) has nothing of "release-v9"'),
    expect.stringContaining('there is no parameter /greenlight/Wiki'),
    expect.stringContaining('there is no parameter /greenlight/2_wiki.eu'),
    expect.stringContaining('received "a/b"'),
  ]);
});

test('--help tells its options without an account', async () => {
  expect(await main(['report', '--help'])).toBe(0);
  expect(out.join('\n')).toContain('--workflow STACK');
});

test('a deployment that the journal does not know is an error that names the table', async () => {
  await account('none');
  expect(await main(['report', 'release-v9', '--workflow', 'Shop'])).toBe(1);
  expect(problems).toEqual([
    'error: the journal of Shop (none) has nothing of "release-v9"; the name of a deployment is that of its execution',
  ]);
});

test('prints what the journal knows, as text and as one JSON document', async () => {
  const rows = await account('some');
  const at = '2026-11-21T10:00:00.000Z';
  const result = { valid: false, deployment: null, cause: 'the request was rejected' };
  await rows.write({ deployment: 'bad', step: 'ValidateRequest', phase: 'prepare', at, result });
  expect(await main(['report', 'bad', '--workflow', 'Shop'])).toBe(0);
  expect(out.join('\n')).toMatch(/^unknown: DeploymentRejected\n[\s\S]*\n {2}the request was rejected\n/);
  for (const [format, beginning] of [
    ['markdown', /^## unknown: DeploymentRejected\n/],
    ['html', /^<!doctype html>\n[\s\S]*<h1>unknown: DeploymentRejected<\/h1>/],
    ['json', /^\{/],
  ] as const) {
    out = [];
    expect(await main(['report', 'bad', '--workflow', 'Shop', '--format', format])).toBe(0);
    expect(out.join('\n')).toMatch(beginning);
  }
  out = [];
  expect(await main(['report', 'bad', '--workflow', 'Shop', '--json'])).toBe(0);
  expect(JSON.parse(out.join('\n'))).toMatchObject({
    deployment: 'bad',
    outcome: 'DeploymentRejected',
    phases: [{ phase: 'prepare', steps: [{ step: 'ValidateRequest', looks: 1 }] }],
  });
});
