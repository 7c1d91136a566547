import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignatureV4 } from '@smithy/signature-v4';
import { App } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ShopStack } from '../../lib/example/shop-stack';
import type { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { declared } from './grants';
import { greenlight } from './greenlight';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

let assembly: string;
let world: World;
let address: string;
const pipeline = 'arn:aws:sts::000000000000:assumed-role/pipeline/pipeline';

/** The example with the API, a pipeline that may call all of it, and an auditor who may read. */
beforeAll(async () => {
  assembly = mkdtempSync(join(tmpdir(), 'greenlight-api-'));
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  const shop = new ShopStack(app, 'Shop', { api: true });
  const workflow = shop.node.findChild('Greenlight') as DeploymentWorkflow;
  const role = (roleName: string) =>
    new Role(shop, roleName, { roleName, assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  workflow.grantApi(role('pipeline'));
  workflow.grantApi(role('auditor'), 'list', 'get');
  app.synth();
  world = await startWorld({ assembly });
  address = Object.entries(world.cloud.outputs).find(([name]) => name.includes('ApiAddress'))![1];
});
afterAll(async () => {
  await world?.close();
  rmSync(assembly, { recursive: true, force: true });
});

/** SHA-256 as the signer wants it. */
class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: string | ArrayBuffer | ArrayBufferView) {
    this.hash.update(data as string);
  }
  digest = async () => new Uint8Array(this.hash.digest());
  reset() {}
}

interface Answered {
  status: number;
  type: string;
  body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  { body, caller = 'pipeline' }: { body?: object; caller?: string | null } = {},
): Promise<Answered> {
  const url = new URL(address + path);
  const text = body && JSON.stringify(body);
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, ...(text && { 'content-type': 'application/json' }) },
    body: text,
  };
  const signer = new SignatureV4({
    ...{ service: 'execute-api', region: world.cloud.region, sha256: Sha256 },
    credentials: { accessKeyId: caller ?? '', secretAccessKey: 'local' },
  });
  const { headers } = caller === null ? request : await signer.sign(request);
  const { host: _, ...sent } = headers as Record<string, string>;
  const answer = await fetch(url, { method, headers: sent, body: text });
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    body: (await answer.json()) as Record<string, unknown>,
  };
}

const wanted = { service: 'shop', image: 'shop:v2', reason: 'ticket 12', ...quick };
const say = (name: string, verb: string, reason = 'it is fine') =>
  call('POST', `/deployments/${name}/${verb}`, { body: { reason } });

it('starts a deployment that waits for an answer, takes the answer, reports it, and takes it back', async () => {
  const begun = await call('POST', '/deployments?name=build-7', {
    body: { ...wanted, approval: 'required' },
  });
  const execution = world.execution('build-7');
  expect(begun).toMatchObject({ status: 202, body: { deployment: 'build-7', execution } });
  const again = await call('POST', '/deployments?name=build-7', {
    body: { ...wanted, approval: 'required' },
  });
  expect(again).toEqual(begun);
  const other = await call('POST', '/deployments?name=build-7', { body: wanted });
  expect(other).toMatchObject({ status: 409, type: 'application/problem+json', body: { title: 'Conflict' } });

  expect(await world.asked(execution)).toMatchObject({ subject: expect.stringContaining('may shop:v2') });
  expect(await say('build-7', 'approve')).toMatchObject({
    status: 200,
    body: { answer: { approved: true, by: pipeline, reason: 'it is fine' } },
  });
  expect(await world.ended(execution)).toMatchObject({ outcome: 'DeploymentSucceeded' });
  await expectServing(world, { version: 'v2', slot: 'b' });
  expect(await say('build-7', 'approve')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('is answered already') },
  });

  const report = await call('GET', '/deployments/build-7', { caller: 'auditor' });
  const typed = await greenlight(world, 'report', 'build-7', '--json');
  expect(report.status).toBe(200);
  expect(report.body).toEqual(JSON.parse(typed.out));
  const listed = await call('GET', '/deployments?service=shop', { caller: 'auditor' });
  expect(listed.body).toMatchObject({ deployments: [{ deployment: 'build-7' }] });
  expect(await call('GET', '/deployments?service=packer')).toMatchObject({ body: { deployments: [] } });

  const back = await say('build-7', 'rollback', 'it is red');
  expect(back).toMatchObject({ status: 202, body: { deployment: 'build-7' } });
  expect(await world.ended(String(back.body.execution))).toMatchObject({ outcome: 'RolledBack' });
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it('pauses, resumes and promotes a deployment that runs, for the caller by his name', async () => {
  const body = { ...wanted, reason: 'for customer-4711', migrations: 'none', bakeSeconds: 600 };
  await call('POST', '/deployments?name=held', { body });
  const execution = world.execution('held');
  expect(await world.entered(execution, 'ObserveGreen')).toBe(true);
  const paused = await say('held', 'pause', 'lunch');
  expect(paused).toMatchObject({ status: 200, body: { control: { paused: true, by: pipeline } } });
  expect(await say('held', 'pause')).toMatchObject({ status: 409 });
  expect(await say('held', 'resume', 'back')).toMatchObject({ body: { control: { paused: false } } });
  expect(await say('held', 'promote')).toMatchObject({ body: { control: { promoted: true } } });
  expect(await say('held', 'reject')).toMatchObject({ status: 409 });
  const { body: report } = await call('GET', '/deployments/held');
  expect(JSON.stringify(report)).not.toContain('4711');
  await say('held', 'rollback', 'enough');
  expect(await world.ended(execution)).not.toMatchObject({ outcome: 'DeploymentSucceeded' });
});

it('refuses who has not signed, whom no policy allows it, and what nobody can do, each with the reason that it may know', async () => {
  const forbidden = { status: 403, body: { message: 'Forbidden' } };
  expect(await call('GET', '/deployments', { caller: null })).toMatchObject(forbidden);
  expect(await call('POST', '/deployments', { caller: 'auditor', body: wanted })).toMatchObject(forbidden);
  expect(await call('DELETE', '/deployments')).toMatchObject({ status: 404, body: { message: 'Not Found' } });

  expect(
    await call('POST', '/deployments', { body: { ...wanted, image: 'shop', requestedBy: 'root' } }),
  ).toEqual({
    status: 400,
    type: 'application/problem+json',
    body: {
      ...{ type: 'about:blank', title: 'Bad Request', status: 400, detail: expect.any(String) },
      errors: [
        expect.stringMatching(/^body\.image: expected an image with a tag or a digest.*, received "shop"$/),
        expect.stringContaining('body: unknown "requestedBy"'),
      ],
    },
  });
  for (const verb of ['approve', 'pause', 'rollback'])
    expect(await say('nobody', verb)).toMatchObject({ status: 404, body: { title: 'Not Found' } });
  expect(await call('GET', '/deployments/nobody')).toMatchObject({ status: 404, body: { status: 404 } });
  expect(await world.executions()).not.toContain('nobody-rollback-1');
});

it('its function has no right that none of that has needed', () => {
  const { iam } = world.cloud.services;
  const own = declared(world).filter(({ step }) => step === 'ServeApi');
  expect(own.length).toBeGreaterThan(5);
  const needed = iam.neededStatements();
  const idle = own.filter(
    ({ roleArn, index }) => !needed.some((one) => one.roleArn === roleArn && one.index === index),
  );
  expect(idle.map(({ name }) => name)).toEqual([]);
});
