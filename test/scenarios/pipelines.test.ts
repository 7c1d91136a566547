import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Given } from '../examples/pipelines/github';
import { runJob } from '../examples/pipelines/gitlab';
import { githubGiven, gitlabVariables, pushedImage } from './pipelines/given';
import { type Pipelines, startPipelines } from './pipelines/ground';
import { expectServing, otherThan, type Serving, servingNow } from './serving';
import type { World } from './world';
import { until } from './world/ground';

jest.setTimeout(600_000);

const ROOT = join(__dirname, '..', '..');
const [GITHUB, GITLAB, SCRIPT] = ['github.yml', 'gitlab.yml', 'release.sh'].map((name) =>
  join(ROOT, 'examples', 'pipelines', name),
) as [string, string, string];

let ground: Pipelines;
let world: World;
beforeAll(async () => {
  ground = await startPipelines();
  world = ground.world;
});
afterAll(() => ground?.close());
afterEach(() => world.rest());

/** The second version has all users now, in the slot that had none. */
const expectReleased = ({ slot }: Serving) => expectServing(world, { version: 'v2', slot: otherThan(slot) });

const givenBy = (event: 'push' | 'pull_request', more?: Partial<Given>) => githubGiven(ground, event, more);
const variablesOf = (more: Record<string, string>) => gitlabVariables(ground, more);

describe('on GitHub', () => {
  it('a pull request that would break the live version fails, with the reason on its line', async () => {
    const { file, line } = ground.repository.breakingBranch();
    const { conclusion, steps } = await ground.runner.run(GITHUB, 'check', givenBy('pull_request'));
    ground.repository.mainAgain();
    const { code, out = '' } = steps.at(-1)!;
    expect([conclusion, code]).toEqual(['failure', 1]);
    expect(out).toMatch(
      new RegExp(`^::error file=${file},line=${line},col=\\d+,title=greenlight%3A [\\w-]+::`, 'm'),
    );
    expect(out.match(/^::error/gm)).toHaveLength(1);
  });

  it('a pull request that breaks nothing passes, and releases nothing', async () => {
    const before = await servingNow(world);
    ground.repository.git('checkout', '--quiet', '-B', 'notes');
    ground.repository.migrations('v2');
    ground.repository.commit('notes');
    const checked = await ground.runner.run(GITHUB, 'check', givenBy('pull_request'));
    const released = await ground.runner.run(GITHUB, 'release', givenBy('pull_request'));
    ground.repository.mainAgain();
    ground.repository.git('merge', '--quiet', 'notes');
    expect([checked.conclusion, checked.steps.at(-1)!.code]).toEqual(['success', 0]);
    expect(released.conclusion).toBe('skipped');
    await expectServing(world, before);
  });

  it('what reaches main is released under the least policy, and the pull request gets the report', async () => {
    const before = await servingNow(world);
    const outputs = await pushedImage(ground, 'v2');
    const manifest = ground.manifestOf(outputs.image!.digest!);
    await manifest.remove();
    const { conclusion, steps, summary } = await ground.runner.run(
      GITHUB,
      'release',
      givenBy('push', { outputs }),
    );
    expect(steps.filter(({ outcome }) => outcome !== 'success')).toEqual([]);
    expect(conclusion).toBe('success');
    expect((await manifest.read()).migrations.map(({ id }) => id)).toEqual([
      '20260105090000',
      '20260112090000',
    ]);
    await expectReleased(before);
    expect((await world.journal('release-17-1'))[0]!.result).toMatchObject({
      deployment: { requestedBy: 'ann', reason: 'customers may leave a note with an order' },
    });
    expect(ground.host.comments.splice(0)).toEqual([
      { path: '/repos/example/shop/issues/7/comments', token: 'Bearer of-the-run', body: summary },
    ]);
    expect(summary).toContain('DeploymentSucceeded');
  });

  it('a release that is refused fails the job, and the pull request is told why', async () => {
    const before = await servingNow(world);
    const { registry } = await pushedImage(ground, 'v2');
    const outputs = { registry: registry!, image: { digest: `sha256:${'f'.repeat(64)}` } };
    const github = { ...givenBy('push').github, run_id: '18' };
    const { conclusion, steps } = await ground.runner.run(GITHUB, 'release', {
      ...givenBy('push', { outputs }),
      github,
    });
    expect(conclusion).toBe('failure');
    expect(steps.filter(({ outcome }) => outcome === 'failure').map(({ name }) => name)).toEqual([
      'Deploy it, and follow it to its end',
    ]);
    expect(ground.host.comments.splice(0)).toEqual([
      expect.objectContaining({ body: expect.stringContaining('push it first') }),
    ]);
    await expectServing(world, before);
  });
});

describe('on GitLab', () => {
  it('a merge request that would break the live version fails', async () => {
    const { base, file, line } = ground.repository.breakingBranch();
    const variables = variablesOf({
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    });
    const checked = await runJob(GITLAB, 'check-migrations', { variables, folder: ground.repository.folder });
    const released = await runJob(GITLAB, 'release', { variables, folder: ground.repository.folder });
    ground.repository.mainAgain();
    expect([checked?.code, released]).toEqual([1, undefined]);
    expect(checked?.out).toContain(`${file}:${line}:1: error:`);
  });

  it('what reaches the default branch is released under the least policy, and its commit gets the report', async () => {
    const before = await servingNow(world);
    const digest = await ground.digestOf('v2');
    const manifest = ground.manifestOf(digest);
    await manifest.remove();
    const variables = variablesOf({
      ...{ CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' },
      IMAGE: `${world.settings.repository}@${digest}`,
    });
    const released = await runJob(GITLAB, 'release', { variables, folder: ground.repository.folder });
    expect([released?.code, released?.after]).toEqual([0, { code: 0, out: '' }]);
    expect((await manifest.read()).migrations).toHaveLength(2);
    await expectReleased(before);
    const [comment] = ground.host.comments.splice(0);
    expect(comment).toMatchObject({
      path: `/api/v4/projects/5/repository/commits/${variables.CI_COMMIT_SHA}/comments`,
      token: 'of-the-project',
    });
    expect(comment?.body).toContain('DeploymentSucceeded');
  });
});

/** The script, as somebody has it in the ground.repository. */
async function script(tag: string, reason: string, more: Record<string, string> = {}) {
  cpSync(SCRIPT, join(ground.repository.folder, 'release.sh'));
  return ground.ran('./release.sh', ['shop', 'db', reason], {
    ...ground.environmentOf('GitHub'),
    GREENLIGHT_WORKFLOW: 'Shop',
    MANIFESTS: world.settings.migrations.manifests,
    IMAGE: `${world.settings.repository}@${await ground.digestOf(tag)}`,
    ...more,
  });
}

describe('the script', () => {
  const report = () => readFileSync(join(ground.repository.folder, 'report.md'), 'utf8');

  it('releases an image, and leaves the report', async () => {
    const before = await servingNow(world);
    const { code, out } = await script('v2', 'customers may leave a note');
    expect([code, out.trim().split('\n').at(-1)]).toEqual([0, 'DeploymentSucceeded']);
    expect(report()).toContain('customers may leave a note');
    await expectReleased(before);
  });

  it('ends with what would break the live version, and starts nothing', async () => {
    const { base } = ground.repository.breakingBranch();
    const known = await world.executions();
    const { code, out } = await script('v2', 'why not', { SINCE: base });
    ground.repository.mainAgain();
    expect([code, await world.executions()]).toEqual([1, known]);
    expect(out).toMatch(/would stop a deployment/);
  });

  it('ends as the deployment does that is rolled back', async () => {
    const before = await servingNow(world);
    const { code, out } = await script('v3', 'a bad one');
    expect([code, out]).toEqual([1, expect.stringMatching(/^RolledBack: /m)]);
    expect(report()).toContain('RolledBack');
    await expectServing(world, before);
  });
});

it('docs/aws.md: what is printed before the first release does what it says', async () => {
  const before = await servingNow(world);
  const page = readFileSync(join(ROOT, 'docs', 'aws.md'), 'utf8');
  const [, part = ''] = page.split('## Before the first release');
  const [, printed = ''] = /^```\n(.*?)^```$/ms.exec(part) ?? [];
  expect(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[2]),
  ).toEqual([...['doctor', 'check', 'bundle', 'deploy', 'report']]);
  const { code, out } = await ground.ran('bash', ['-euxo', 'pipefail', '-c', printed], {
    ...ground.environmentOf('GitHub'),
    AWS_ACCESS_KEY_ID: 'local',
    MANIFESTS: world.settings.migrations.manifests,
    DIGEST: (await ground.digestOf('v2')).replace('sha256:', ''),
  });
  expect([code, out]).toEqual([0, expect.stringMatching(/^ended: DeploymentSucceeded$/m)]);
  await expectReleased(before);
  expect(await world.executions()).toEqual(expect.arrayContaining(['first-plan', 'first']));
});

describe('an image that is pushed', () => {
  /** As Amazon ECR says it. Source: Amazon ECR User Guide, "Amazon ECR events and EventBridge". */
  const push = (digest: string, tag?: string) =>
    world.cloud.services.events.emit({
      source: 'aws.ecr',
      detailType: 'ECR Image Action',
      detail: {
        ...{ 'action-type': 'PUSH', result: 'SUCCESS', 'repository-name': 'shop', 'image-digest': digest },
        ...(tag === undefined ? {} : { 'image-tag': tag }),
      },
    });

  it('is deployed by its digest, once, where its tag is that of a release; its parts and other tags start nothing', async () => {
    const before = await servingNow(world);
    const known = await world.executions();
    const digest = await ground.digestOf('v2');
    // an image for two platforms: each of them, then the list of both
    for (const part of ['a', 'b']) push(`sha256:${part.repeat(64)}`);
    push(digest, 'build-17');
    push(digest, 'release-17');
    const [name = '', ...more] = await until(async () => {
      const fresh = (await world.executions()).filter((one) => !known.includes(one));
      return fresh.length > 0 ? fresh : undefined;
    });
    expect(await world.endOf(name)).toMatchObject({ outcome: 'DeploymentSucceeded' });
    expect(more).toEqual([]);
    expect((await world.journal(name))[0]!.result).toMatchObject({
      deployment: {
        requestedBy: 'Amazon ECR',
        reason: 'image release-17 was pushed',
        requestedImage: `shop@${digest}`,
      },
    });
    await expectReleased(before);

    const sfn = new SFNClient(world.aws);
    const { input } = await sfn.send(new DescribeExecutionCommand({ executionArn: world.execution(name) }));
    const again = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: world.cloud.outputs.StateMachineArn, input }),
    );
    expect(await world.ended(again.executionArn ?? '')).toMatchObject({
      outcome: 'DeploymentRejected',
      cause: expect.stringContaining(`has started deployment ${name} already`),
    });
  });
});

describe('the least policy', () => {
  const iam = () => world.cloud.services.iam;
  /** A verb, typed by the pipeline's role. */
  const typed = (args: string) =>
    ground.ran('npx', ['greenlight', ...args.split(' ')], {
      ...ground.environmentOf('GitHub'),
      GREENLIGHT_WORKFLOW: 'Shop',
    });
  const plan = (name: string) =>
    `deploy --service shop --image shop:v1 --reason plan --dry-run --name ${name}`;

  it('is an output of the stack, and all that the role has of the workflow', () => {
    const { Statement } = JSON.parse(world.cloud.outputs.LeastPolicy ?? '') as {
      Statement: { Action: string }[];
    };
    const own = iam()
      .statementsOf(ground.roleOf('GitHub'))
      .flatMap(({ Action = [] }) => Action)
      .filter((action) => !action.startsWith('ecr:'));
    expect(own.sort()).toEqual(Statement.map(({ Action }) => Action).sort());
    expect(own).toEqual([...Object.keys(NEEDED), 's3:GetObject'].sort());
  });

  /** What needs each action. */
  const NEEDED: Record<string, () => string> = {
    'dynamodb:GetItem': () => plan('without-the-lock'),
    'dynamodb:Query': () => plan('without-the-journal'),
    's3:PutObject': () => `bundle db --s3 ${world.settings.migrations.manifests}/${'0'.repeat(64)}.json`,
    'ssm:GetParameter': () => plan('without-the-workflow'),
    'states:DescribeExecution': () => plan('without-an-end'),
    'states:StartExecution': () => plan('without-a-beginning'),
  };
  /** What is printed while the role lacks an action. */
  async function printedWithout(action: string, args: string) {
    const role = iam()
      .roles()
      .find(({ arn }) => arn === ground.roleOf('GitHub'))!;
    const { index } = role.statements.find(({ statement }) => [statement.Action].flat().includes(action))!;
    const putBack = iam().removeStatement(role.arn, index);
    try {
      const { code, out } = await typed(args);
      return [code, out];
    } finally {
      putBack();
    }
  }

  it.each(Object.entries(NEEDED))('without %s it is denied by that name', async (action, args) => {
    expect(await printedWithout(action, args())).toEqual([
      1,
      expect.stringContaining(`is not authorized to perform: ${action} on resource`),
    ]);
  });

  it('without s3:GetObject it gets no address of a report, and with it, it does', async () => {
    expect((await typed(plan('reported'))).code).toBe(0);
    const args = 'report reported --url';
    // a HEAD is refused without a word
    expect(await printedWithout('s3:GetObject', args)).toEqual([
      1,
      expect.stringContaining('these credentials may not read it (403)'),
    ]);
    expect(await typed(args)).toMatchObject({ code: 0, out: expect.stringMatching(/^http/m) });
  });

  it('lets nobody say that an image has succeeded elsewhere', async () => {
    const { code, out } = await typed(
      `bundle db --s3 ${world.settings.migrations.manifests}/${'0'.repeat(64)}.staging.json`,
    );
    expect([code, out]).toEqual([1, expect.stringContaining('is not authorized to perform: s3:PutObject')]);
  });
});
