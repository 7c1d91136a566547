import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Lambda } from '@aws-sdk/client-lambda';
import { RDS } from '@aws-sdk/client-rds';
import { SFN } from '@aws-sdk/client-sfn';
import { type Cloud, startCloud } from '../../local/cloud';
import { type Cdk, cdkIn } from './foreign/cdk';

jest.setTimeout(900_000);

const APP = join(__dirname, 'foreign');
const SPEED = 5;

let cloud: Cloud;
let cdk: Cdk;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const aws = () => ({ endpoint: cloud.endpoint, region: cloud.region, credentials });

beforeAll(async () => {
  cloud = await startCloud({ images: join(APP, 'images.yaml'), speed: SPEED });
  cdk = cdkIn(APP, 'node app.js', cloud);
});
afterAll(async () => {
  await cloud?.close();
  cdk?.forget();
  rmSync(join(APP, 'cdk.context.json'), { force: true });
});

const deploy = (app: Record<string, string> = {}) => cdk.run(['deploy', '--require-approval', 'never'], app);

async function stackOf(name = 'Notes') {
  const { Stacks = [] } = await new CloudFormation(aws()).describeStacks({});
  return Stacks.find(({ StackName }) => StackName === name);
}

async function output(key: string): Promise<string> {
  const { Outputs = [] } = (await stackOf())!;
  return Outputs.find(({ OutputKey }) => OutputKey === key)!.OutputValue!;
}

/** What a reader of the notes gets over HTTP. */
async function page(): Promise<{ greeting: string; readers: number }> {
  const { Listeners } = await new ElasticLoadBalancingV2(aws()).describeListeners({
    ListenerArns: [await output('ListenerArn')],
  });
  const response = await fetch(`http://127.0.0.1:${Listeners![0]!.Port}/`);
  return (await response.json()) as Awaited<ReturnType<typeof page>>;
}

/** What the app's state machine comes to. */
async function run(): Promise<unknown> {
  const sfn = new SFN(aws());
  const { executionArn } = await sfn.startExecution({
    stateMachineArn: await output('MachineArn'),
    input: JSON.stringify({ name: 'you' }),
  });
  for (;;) {
    const { status, output: result } = await sfn.describeExecution({ executionArn });
    if (status !== 'RUNNING') return { status, ...JSON.parse(result ?? '{}') };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('says that the environment has to be bootstrapped where it is not, and does so', async () => {
  const early = await deploy();
  expect(early.code).toBe(1);
  expect(early.said).toMatch(/bootstrap/);
  expect(await stackOf()).toBeUndefined();
  const bootstrapped = await cdk.run(['bootstrap']);
  expect(bootstrapped).toMatchObject({ code: 0, said: expect.stringContaining('bootstrapped') });
  expect(await stackOf('CDKToolkit')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect(await cdk.run(['bootstrap'])).toMatchObject({
    code: 0,
    said: expect.stringContaining('no changes'),
  });
});

it('refuses by name what has no local part, before anything is created', async () => {
  const refused = await deploy({ STREAM: 'yes' });
  expect(refused.code).toBe(1);
  expect(refused.said).toMatch(/\/Resources\/Stream\w+ AWS::Kinesis::Stream \(Notes\/Stream\/Resource\)/);
  expect(refused.said).toMatch(/\(Notes\/Snake\/Resource\): runtime python3.13 is not available/);
  expect(await stackOf()).toBeUndefined();
  expect(cloud.pids()).toEqual([]);
});

it('knows account, region and zones of an app that asks the command line for its environment', async () => {
  const { code, said } = await cdk.run(['synth'], { PLACED: 'yes' });
  expect(code).toBe(0);
  expect(said).toContain('AvailabilityZone: eu-west-1b');
  expect(said).toContain('000000000000');
});

it('creates the stack of an app that was not made for it: service, database, function and state machine', async () => {
  expect(await deploy()).toMatchObject({ code: 0, said: expect.stringContaining('Notes.MachineArn = arn:') });
  expect(await stackOf()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  expect(await page()).toEqual({ greeting: 'hello', readers: 1 });
  expect(await run()).toEqual({ status: 'SUCCEEDED', said: 'hello, you', ending: 'bye' });
});

it('has nothing to do for the same app again', async () => {
  expect(await deploy()).toMatchObject({ code: 0, said: expect.stringContaining('no changes') });
});

const CHANGED = { GREETING: 'good day', ENDING: 'farewell' };

it('prints what would change, and changes nothing', async () => {
  const { code, said } = await cdk.run(['diff'], CHANGED);
  expect(code).toBe(0);
  expect(said).toMatch(/\[~\] AWS::ECS::TaskDefinition Definition/);
  expect(said).toMatch(/\[-\].*hello[\s\S]*\[\+\].*good day/);
  expect(said).toMatch(/\[~\] AWS::StepFunctions::StateMachine Machine/);
  expect(said).toContain('Number of stacks with differences: 1');
  expect(await page()).toMatchObject({ greeting: 'hello' });
});

it('updates task definition, function and state machine, while the database keeps what it has', async () => {
  const { readers } = await page();
  expect(await deploy(CHANGED)).toMatchObject({ code: 0 });
  expect(await stackOf()).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(await page()).toEqual({ greeting: 'good day', readers: readers + 1 });
  expect(await run()).toEqual({ status: 'SUCCEEDED', said: 'good day, you', ending: 'farewell' });
});

it('tells what somebody has changed beside the stack', async () => {
  expect(await cdk.run(['drift'], CHANGED)).toMatchObject({ said: expect.stringContaining('No drift') });
  const service = await output('ServiceArn');
  const input = { cluster: service.split('/')[1], service };
  await new ECS(aws()).updateService({ ...input, desiredCount: 2 });
  const { said } = await cdk.run(['drift'], CHANGED);
  expect(said).toMatch(/\[~\] AWS::ECS::Service[\s\S]*DesiredCount/);
  await new ECS(aws()).updateService({ ...input, desiredCount: 1 });
});

it('puts everything back when an update fails', async () => {
  const failed = await deploy({ GREETING: 'never', ENDING: 'never', IMAGE: 'notes:broken' });
  expect(failed.code).toBe(1);
  expect(failed.said).toMatch(/did not become steady/);
  expect(await stackOf()).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(await page()).toMatchObject({ greeting: 'good day' });
  expect(await run()).toEqual({ status: 'SUCCEEDED', said: 'good day, you', ending: 'farewell' });
  expect(await deploy(CHANGED)).toMatchObject({ code: 0 });
});

it('leaves neither resource nor process when the stack is destroyed', async () => {
  expect(await cdk.run(['destroy', '--force'])).toMatchObject({
    code: 0,
    said: expect.stringContaining('destroyed'),
  });
  expect(await stackOf()).toBeUndefined();
  expect(cloud.pids()).toEqual([]);
  expect((await new RDS(aws()).describeDBInstances({})).DBInstances).toEqual([]);
  expect((await new ECS(aws()).listClusters({})).clusterArns).toEqual([]);
  expect((await new ElasticLoadBalancingV2(aws()).describeLoadBalancers({})).LoadBalancers).toEqual([]);
  expect((await new SFN(aws()).listStateMachines({})).stateMachines).toEqual([]);
  expect((await new Lambda(aws()).listFunctions({})).Functions).toEqual([]);
});
