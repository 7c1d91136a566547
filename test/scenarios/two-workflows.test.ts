import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { databaseOf, databaseSecrets, manifestsOf, taskDefinitionOf } from '../../lib/example/ground';
import { PureWorker } from '../../lib/service/pure-worker';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import { type Cloud, startCloud } from '../../local/cloud';
import { main } from '../../src/cli';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
const IMAGES = join(root, 'examples', 'packer.json');

/** A team's service without a load balancer, and the workflow that deploys it. */
class Team extends Construct {
  constructor(
    stack: Stack,
    service: string,
    { vpc, cluster }: { vpc: Vpc; cluster: Cluster },
    name?: string,
  ) {
    super(stack, service);
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const database = databaseOf(this, vpc, service);
    const taskDefinition = taskDefinitionOf(this, 'Task', {
      ...{ family: service, containerName: 'packer', secrets: databaseSecrets(database.secret!) },
      image: ContainerImage.fromEcrRepository(repository, 'packer-v1'),
    });
    const worker = new PureWorker(this, 'Worker', {
      ...{
        serviceName: service,
        environment: 'example',
        cluster,
        repository,
        taskDefinition,
        desiredCount: 0,
      },
      database: { instance: database },
      migrations: {
        tool: 'dbmate',
        manifests: manifestsOf(this),
        opaque: 'refuse',
        command: ['node', 'migrate.mjs', 'up'],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
      },
    });
    new DeploymentWorkflow(this, 'Greenlight', { name, services: [worker] });
  }
}

let assembly: string;
let cloud: Cloud;
beforeAll(async () => {
  assembly = mkdtempSync(join(tmpdir(), 'greenlight-two-'));
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Teams');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const ground = { vpc, cluster: new Cluster(stack, 'Cluster', { vpc }) };
  new Team(stack, 'packer', ground);
  new Team(stack, 'stacker', ground, 'Stacker');
  app.synth();
  cloud = await startCloud({ assembly, images: IMAGES, speed: 20 });
});
afterAll(async () => {
  await cloud?.close();
  rmSync(assembly, { recursive: true, force: true });
});

it('two workflows of one stack keep to themselves: one event, one execution, one journal', async () => {
  const { endpoint, region } = cloud;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const aws = { endpoint, region, credentials };
  const sfn = new SFNClient(aws);
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const executionsOf = async (name: string) => {
    const { stateMachineArn } = stateMachines.find((machine) => machine.name === name)!;
    return (await sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
  };
  const Detail = JSON.stringify({ service: 'stacker', image: 'shop:none', reason: 'a test' });
  await new EventBridgeClient(aws).send(
    new PutEventsCommand({ Entries: [{ Source: 'a pipeline', DetailType: 'DeploymentRequested', Detail }] }),
  );
  let ended = await executionsOf('Stacker-Greenlight');
  while (ended.length === 0 || ended.some(({ status }) => status === 'RUNNING')) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    ended = await executionsOf('Stacker-Greenlight');
  }
  expect(ended).toHaveLength(1);
  expect(await executionsOf('Teams-Greenlight')).toEqual([]);

  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  });
  const report = async (workflow: string) => {
    const lines: string[] = [];
    const spies = (['log', 'error'] as const).map((stream) =>
      jest.spyOn(console, stream).mockImplementation((...line: unknown[]) => void lines.push(line.join(' '))),
    );
    const code = await main(['report', ended[0]!.name!, '--workflow', workflow]);
    for (const spy of spies) spy.mockRestore();
    return { code, text: lines.join('\n') };
  };
  expect(await report('Stacker')).toMatchObject({
    code: 0,
    text: expect.stringContaining('expected an image that is in'),
  });
  expect((await report('Teams')).code).toBe(1);
});
