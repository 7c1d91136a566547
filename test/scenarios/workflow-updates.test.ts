import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Template } from '../../local/template';
import { expectServing, otherThan, servingNow } from './serving';
import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

const synthesised = readFileSync(join(__dirname, '..', '..', 'cdk.out', 'Shop.template.json'), 'utf8');

let world: World;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-workflow-test-'));
  writeFileSync(
    join(folder, 'index.js'),
    `exports.handler = async () => { throw new Error('this is the next version'); }`,
  );
  world = await startWorld({ rate: 100 });
});
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Logical ids of published versions end in a hash of what is published. */
const VERSION = /(Greenlight\w+CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g;

let releases = 0;
/** `cdk deploy` of another version of the workflow: each of its steps has another environment, and perhaps other code. */
async function deployWorkflow(code: 'works' | 'throws'): Promise<void> {
  const hash = String(++releases).padStart(32, '0');
  const template = JSON.parse(synthesised.replaceAll(VERSION, `$1${hash}`)) as Template;
  const steps = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Version')
    .map(({ Properties = {} }) => (Properties.FunctionName as { Ref: string }).Ref);
  expect(steps.length).toBeGreaterThan(40);
  for (const step of steps) {
    const { Properties = {}, ...declaration } = template.Resources[step]!;
    const { Variables } = Properties.Environment as { Variables: Record<string, string> };
    Variables.WORKFLOW = String(releases);
    if (code === 'works') continue;
    Properties.Code = { S3Key: `next-${releases}.zip` };
    template.Resources[step] = {
      ...declaration,
      Properties,
      Metadata: { 'aws:asset:path': folder },
    };
  }
  await world.cloud.update('Shop', template);
}

/** Deploys another version of the workflow, none of whose steps works, in each state that the execution comes to. */
async function deployAmid(execution: string, states: readonly string[]): Promise<void> {
  for (const state of states) {
    expect([state, await world.entered(execution, state)]).toEqual([state, true]);
    await deployWorkflow('throws');
  }
}

const request = { service: 'shop', reason: 'a test' };

it('a release ends as it began, whatever is deployed between its phases', async () => {
  const before = await servingNow(world);
  const execution = await world.start({ ...request, image: 'shop:v2', ...quick, bakeSeconds: 20 });
  await deployAmid(execution, [
    'AcquireLock',
    'ApprovalNeeded?',
    'Maintenance?',
    'SnapshotDatabase',
    'StartMigration',
    'StartGreen',
    'ShiftTraffic',
    'Bake',
    'RetireBlue',
    'CompleteDeployment',
  ]);
  const ended = await world.ended(execution);
  expect(ended.outcome).toBe('DeploymentSucceeded');
  await expectServing(world, { version: 'v2', slot: otherThan(before.slot) });
});

it('one that begins afterwards has the functions of then', async () => {
  const before = await servingNow(world);
  const ended = await world.deploy({ image: 'shop:v2' });
  expect(JSON.stringify(ended.events)).toContain('this is the next version');
  expect(ended.outcome).not.toBe('DeploymentSucceeded');
  await deployWorkflow('works');
  await expectServing(world, before);
});

it('a rollback ends as it began, whatever is deployed between its phases', async () => {
  const before = await servingNow(world);
  const execution = await world.start({ ...request, image: 'shop:v3', ...sick });
  await deployAmid(execution, ['Bake', 'ReturnTraffic', 'ReadJournal', 'StopGreen', 'VerifyRollback']);
  expect((await world.ended(execution)).outcome).toBe('RolledBack');
  await deployWorkflow('works');
  await expectServing(world, before);
});

it('one that waits for people ends as it began, however many versions come before the answer', async () => {
  const before = await servingNow(world);
  const execution = await world.start({ ...request, image: 'live', ...quick, approval: 'required' });
  const question = await world.asked(execution);
  await deployWorkflow('throws');
  await deployWorkflow('throws');
  const body = new URLSearchParams({ answer: 'approve', by: 'ann', reason: 'a test' });
  expect((await fetch(question!.link, { method: 'POST', body })).status).toBe(200);
  expect((await world.ended(execution)).outcome).toBe('DeploymentSucceeded');
  await deployWorkflow('works');
  await expectServing(world, { ...before, slot: otherThan(before.slot) });
});

it('a deployment whose execution is stopped is resumed by the workflow that is there then', async () => {
  const before = await servingNow(world);
  const name = await world.abandon({ image: 'shop:v5', ...quick }, { state: 'StartGreen', when: 'after' });
  await deployWorkflow('works');
  expect((await world.endOf(`${name}-recover-1`)).outcome).toBe('RolledBack');
  await expectServing(world, before);
});

it('a maintenance window ends as it began, and so does the restore in it', async () => {
  const before = await servingNow(world);
  const execution = await world.start({
    ...{ ...request, image: 'shop:v4', ...quick, strategy: 'MAINTENANCE' },
    deadlines: { greenSeconds: 3000, rollbackSeconds: 3000 },
  });
  await deployAmid(execution, [
    'CloseService',
    'RecordData',
    'StartMigration',
    'RestoreDatabase',
    'SwitchDatabase',
    'OpenService',
  ]);
  expect((await world.ended(execution)).outcome).toBe('RolledBack');
  await deployWorkflow('works');
  await expectServing(world, before);
});

it('one that calls an operator does so as it began', async () => {
  const before = await servingNow(world);
  const execution = await world.start({ ...request, image: 'shop:v4-loses', ...quick }, 'loses');
  await deployAmid(execution, ['StartMigration', 'ChooseRollback', 'CallOperator']);
  expect((await world.ended(execution)).outcome).toBe('NeedsOperator');
  await deployWorkflow('works');
  await expectServing(world, { ...before, lockedBy: 'loses' });
  await world.query("DELETE FROM schema_migrations WHERE version IN ('20260126080000', '20260126090000')");
  await world.query('ALTER TABLE products DROP COLUMN origin, DROP COLUMN supplier_id');
  await world.rest();
});

it('contract migrations end as they began, whatever is deployed around the point of no return', async () => {
  const before = await servingNow(world);
  const execution = await world.start({ ...request, image: 'shop:v7', ...quick });
  await deployAmid(execution, ['RetireBlue', 'PrepareContract', 'StartContract', 'VerifyContract']);
  expect((await world.ended(execution)).outcome).toBe('DeploymentSucceeded');
  await deployWorkflow('works');
  await expectServing(world, { version: 'v7', slot: otherThan(before.slot) });
});

it('every version that an execution began with is still there, as it was', async () => {
  const lambda = new LambdaClient(world.aws);
  const names = [...world.cloud.services.lambda.functions.keys()];
  const FunctionName = names.find((name) => name.includes('GreenlightStartGreen'));
  const versions = Array.from({ length: releases + 1 }, (_, index) => String(index + 1));
  const seen = await Promise.all(
    versions.map(async (Qualifier) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName, Qualifier });
      return (await lambda.send(command)).Environment?.Variables?.WORKFLOW;
    }),
  );
  expect(seen).toEqual([undefined, ...versions.slice(0, -1)]);
});
