import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { states } from '../../statemachines';
import { measured } from './measured';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(120_000);

const docs = readFileSync(join(__dirname, '..', '..', 'docs', 'operating.md'), 'utf8');
const tasks = new Set(states.filter(({ state }) => state.Type === 'Task').map(({ name }) => name));

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 100 });
});
afterAll(() => world?.close());

interface Line {
  level: string;
  phase: string;
  step: string;
  deploymentId: string;
  execution: string;
  decision?: Record<string, unknown>;
  error?: { name: string; message: string };
  durationMs: number;
}

/** What docs/operating.md prints: the group, and the words that a deployment's lines are found by. */
async function linesOf(deployment: string): Promise<Line[]> {
  const client = new CloudWatchLogsClient(world.aws);
  const logGroupNamePrefix = /--log-group-name-prefix (\S+)/.exec(docs)?.[1];
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
  const logGroupName = logGroups?.[0]?.logGroupName;
  expect(logGroupName).toBe(world.cloud.outputs.FunctionLogs);
  const filterPattern = /--filter-pattern '(\S+)'/.exec(docs)?.[1]?.replace('release-v2', deployment);
  const lines: Line[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName, filterPattern }))
    lines.push(...events.map(({ message = '' }) => JSON.parse(message)));
  return lines;
}

let before: Record<string, number>[];

it('the functions of a deployment have logged what each decided, in one group and in their order', async () => {
  before = await Promise.all([measured(world), measured(world, 'shop')]);
  // asks once too often: the SDK tries three times, the graph once more
  world.fault({
    operation: 'ecs:DescribeServices',
    kind: 'before',
    role: 'GreenlightInspectLive',
    error: 'ThrottlingException',
    times: 3,
  });
  const { path, outcome, output } = await world.deploy({ image: 'shop:v2', ...quick }, 'logged');
  expect(outcome).toBe('DeploymentSucceeded');
  // what the console shows ends in a sentence
  expect(Object.entries(output as object).at(-1)).toEqual([
    'summary',
    expect.stringMatching(/^shop: shop:v2 is live\nreport: /),
  ]);
  // who looks after every deployment logs about it too, whenever it looks
  const lines = (await linesOf('logged')).filter(({ phase }) => phase !== 'background');
  const failed = lines.filter(({ error }) => error);
  expect(lines.filter(({ error }) => !error).map(({ step }) => step)).toEqual(
    path.filter((state) => tasks.has(state)),
  );
  expect(failed.map(({ step, level, error }) => [step, level, error?.name])).toEqual([
    ['InspectLive', 'WARN', 'Throttled'],
  ]);
  for (const line of lines)
    expect(line).toMatchObject({
      deploymentId: 'logged',
      execution: world.execution('logged'),
      phase: expect.stringMatching(/^[a-z]+$/),
      durationMs: expect.any(Number),
    });
  expect(lines.at(-1)).toMatchObject({
    step: 'CompleteDeployment',
    phase: 'finish',
    decision: { outcome: 'DeploymentSucceeded' },
  });
});

it('its metrics count it, of its service and of all, and how long it was in each of its phases', async () => {
  const after = await Promise.all([measured(world), measured(world, 'shop')]);
  for (const [index, sums] of after.entries()) {
    const since = (name: string) => sums[name]! - (before[index]?.[name] ?? 0);
    expect(since('DeploymentSucceeded')).toBe(1);
    const phases = ['Prepare', 'Protect', 'Expand', 'Deploy', 'Shift', 'Contract', 'Finish'];
    const seconds = phases.map((phase) => since(`${phase}Seconds`));
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBeCloseTo(since('DeploymentSeconds'), 3);
  }
});

it('docs/operating.md asks for names that the functions write', async () => {
  const lines = await linesOf('logged');
  const memberOf = (line: Line, name: string) =>
    name
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], line);
  const [, fields = ''] = /^fields (.+)$/m.exec(docs) ?? [];
  const [, filtered = ''] = /^\| filter (\S+) =/m.exec(docs) ?? [];
  const names = [...fields.split(', '), filtered].filter((name) => !name.startsWith('@'));
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !lines.some((line) => memberOf(line, name) !== undefined))).toEqual([]);
});
