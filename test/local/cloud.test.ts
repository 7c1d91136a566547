import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { ECS } from '@aws-sdk/client-ecs';
import { Lambda } from '@aws-sdk/client-lambda';
import { RDS } from '@aws-sdk/client-rds';
import { SFN } from '@aws-sdk/client-sfn';
import { type Cloud, startCloud } from '../../local/cloud';
import type { Template } from '../../local/template';

const FIXTURE = join(__dirname, 'fixtures/cloud');
const IMAGES = join(FIXTURE, 'images.json');
const SPEED = 10;

const template = (stack: string): Template =>
  JSON.parse(readFileSync(join(FIXTURE, `${stack}.template.json`), 'utf8'));

const until = async <T>(what: () => Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('a local cloud made from an assembly of two stacks', () => {
  let cloud: Cloud;
  const lines: string[] = [];
  const client = () => ({
    region: cloud.region,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

  beforeAll(async () => {
    cloud = await startCloud({
      assembly: FIXTURE,
      images: IMAGES,
      speed: SPEED,
      log: (line) => lines.push(line),
    });
  });
  afterAll(() => cloud.close());

  test('has the resources and outputs of both, one importing from the other', () => {
    expect(cloud.outputs).toMatchObject({
      Said: 'Create one',
      DatabaseEndpoint: '127.0.0.1',
      StateMachineArn: cloud.resources.Machine!.ref,
    });
    expect(cloud.resources.Probe!.type).toBe('AWS::Lambda::Function');
    expect(lines).toContainEqual(expect.stringMatching(/^database fixture: ready in \d+\.\d s$/));
  });

  test('serves HTTP through the load balancer from the tasks of the service', async () => {
    const { DescribeListeners } = cloud.services.elbv2.operations;
    const input = { ListenerArns: [cloud.outputs.ListenerArn] };
    const { Listeners } = await DescribeListeners!(input, { accessKeyId: 'local' });
    const response = await fetch(`http://127.0.0.1:${Listeners[0].Port}/`);
    expect([response.status, await response.text()]).toEqual([200, 'hello']);
  });

  test('scales the service within its bounds, as the template says', async () => {
    const scaling = new ApplicationAutoScaling(client());
    const { ScalableTargets = [] } = await scaling.describeScalableTargets({ ServiceNamespace: 'ecs' });
    const { ScalingPolicies } = await scaling.describeScalingPolicies({ ServiceNamespace: 'ecs' });
    const { ScheduledActions } = await scaling.describeScheduledActions({ ServiceNamespace: 'ecs' });
    const resource = ScalableTargets[0]?.ResourceId ?? '';
    expect(resource).toBe('service/App-Cluster/App-Service');
    expect(cloud.resources.Scaling!.ref).toBe(`${resource}|ecs:service:DesiredCount|ecs`);
    expect(ScalableTargets).toMatchObject([{ MinCapacity: 1, MaxCapacity: 4 }]);
    expect(ScalingPolicies).toMatchObject([{ ResourceId: resource, PolicyName: 'cpu' }]);
    expect(ScheduledActions).toMatchObject([{ ScheduledActionName: 'new-year' }]);
    const counted = async () => {
      const input = { cluster: 'App-Cluster', services: ['App-Service'] };
      return (await new ECS(client()).describeServices(input)).services?.[0];
    };
    cloud.services.applicationAutoscaling.evaluate(resource, 'cpu', 75);
    await until(async () => (await counted())?.runningCount === 3 || undefined);
    cloud.services.applicationAutoscaling.evaluate(resource, 'cpu', 30);
    await until(async () => (await counted())?.runningCount === 2 || undefined);
  });

  test('reaches a function behind the load balancer, at its URL and by its name', async () => {
    const { DescribeListeners } = cloud.services.elbv2.operations;
    const input = { ListenerArns: [cloud.outputs.ListenerArn] };
    const { Listeners } = await DescribeListeners!(input, { accessKeyId: 'local' });
    for (const url of [
      `http://127.0.0.1:${Listeners[0].Port}/closed/shop`,
      `${cloud.outputs.PageUrl}closed/shop`,
    ]) {
      const response = await fetch(url);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60']);
      expect(await response.text()).toBe('no /closed/shop for now');
    }
    const { Payload } = await new Lambda(client()).invoke({ FunctionName: cloud.resources.Page!.ref });
    expect(JSON.parse(Payload!.transformToString())).toMatchObject({ body: 'no page for now' });
  });

  test('runs a state machine whose function calls the AWS API and the database, within its permissions', async () => {
    const sfn = new SFN(client());
    const started = await sfn.startExecution({
      stateMachineArn: cloud.outputs.StateMachineArn,
      input: '{"wanted":41}',
    });
    const execution = await until(async () => {
      const described = await sfn.describeExecution({ executionArn: started.executionArn });
      return described.status === 'RUNNING' ? undefined : described;
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    expect(JSON.parse(execution.output!)).toEqual({ running: 2, next: 42, denied: 'AccessDenied' });
    // two seconds of waiting, in cloud time
    expect(execution.stopDate!.getTime() - execution.startDate!.getTime()).toBeGreaterThanOrEqual(2000);
    const { events } = await sfn.getExecutionHistory({ executionArn: started.executionArn });
    expect(events!.map(({ stateEnteredEventDetails: entered }) => entered?.name).filter(Boolean)).toEqual([
      'Pause',
      'Probe',
    ]);
  });

  test('authorises its state machine: without the statement the task fails', async () => {
    const { iam } = cloud.services;
    const role = iam.roles().find(({ name }) => name.includes('MachineRole'))!;
    const putBack = iam.removeStatement(role.arn, 0);
    const sfn = new SFN(client());
    const { executionArn } = await sfn.startExecution({
      stateMachineArn: cloud.outputs.StateMachineArn,
      input: '{"wanted":1}',
    });
    const execution = await until(async () => {
      const described = await sfn.describeExecution({ executionArn });
      return described.status === 'RUNNING' ? undefined : described;
    });
    putBack();
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
    expect(execution.cause).toContain('is not authorized to perform: lambda:InvokeFunction');
  });

  test('answers unchanged SDK clients for database, containers and table', async () => {
    const { DBInstances } = await new RDS(client()).describeDBInstances({});
    expect(DBInstances).toMatchObject([{ DBInstanceIdentifier: 'fixture', DBInstanceStatus: 'available' }]);
    const cluster = cloud.resources.Cluster!.ref;
    const { services } = await new ECS(client()).describeServices({ cluster, services: ['App-Service'] });
    expect(services).toMatchObject([{ runningCount: 2, desiredCount: 2, status: 'ACTIVE' }]);
    const dynamodb = new DynamoDB(client());
    await dynamodb.putItem({ TableName: 'fixture', Item: { pk: { S: 'lock' } } });
    const taken = dynamodb.putItem({
      TableName: 'fixture',
      Item: { pk: { S: 'lock' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await expect(taken).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  const whereInstalled = spawnSync('aws', ['--version']).status === 0 ? test : test.skip;
  whereInstalled('answers the aws command line', async () => {
    const run = promisify(execFile);
    const env = {
      PATH: process.env.PATH,
      AWS_REGION: cloud.region,
      AWS_DEFAULT_REGION: cloud.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    const aws = async (...args: string[]) =>
      JSON.parse(
        (await run('aws', [...args, '--endpoint-url', cloud.endpoint, '--output', 'json'], { env })).stdout,
      );
    expect(await aws('stepfunctions', 'list-state-machines')).toMatchObject({
      stateMachines: [{ name: 'fixture' }],
    });
    expect(await aws('rds', 'describe-db-instances')).toMatchObject({ DBInstances: [{ DBName: 'app' }] });
    const health = await aws(
      'elbv2',
      'describe-target-health',
      '--target-group-arn',
      cloud.resources.TargetGroup!.ref,
    );
    expect(health.TargetHealthDescriptions).toMatchObject([
      { TargetHealth: { State: 'healthy' } },
      { TargetHealth: { State: 'healthy' } },
    ]);
  });

  test('lets faults befall operations', async () => {
    cloud.faults.add({
      operation: 'rds:CreateDBSnapshot',
      kind: 'before',
      error: 'SnapshotQuotaExceededFault',
      times: 1,
    });
    const snapshot = { DBInstanceIdentifier: 'fixture', DBSnapshotIdentifier: 'one' };
    const rds = new RDS(client());
    await expect(rds.createDBSnapshot(snapshot)).rejects.toMatchObject({
      name: 'SnapshotQuotaExceededFault',
    });
    await rds.createDBSnapshot(snapshot);
  });

  test('on a stack update touches only what changed', async () => {
    const calls = () => [...cloud.calls()].filter(([name]) => name.startsWith('elasticloadbalancing:Modify'));
    const before = calls();
    const changed = template('App');
    await cloud.update('App', changed);
    expect(cloud.outputs.Said).toBe('Create one');
    changed.Resources.Custom!.Properties!.Text = 'two';
    await cloud.update('App', changed);
    expect(cloud.outputs.Said).toBe('Update two');
    expect(calls()).toEqual(before);
    changed.Resources.Listener!.Properties!.Port = 81;
    await expect(cloud.update('App', changed)).rejects.toThrow(
      'AWS::ElasticLoadBalancingV2::Listener Listener could not be changed: a change of Port makes another listener on AWS',
    );
  });
});

describe('a stack whose service was changed by somebody else', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud({ assembly: FIXTURE, images: IMAGES, speed: SPEED });
  });
  afterAll(() => cloud.close());

  test('gets back what its template says with a new revision, whose predecessor is no longer active', async () => {
    const ecs = new ECS({
      region: cloud.region,
      endpoint: cloud.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const cluster = cloud.resources.Cluster!.ref;
    const first = cloud.resources.TaskDefinition!.ref;
    await ecs.updateService({ cluster, service: 'App-Service', desiredCount: 0 });
    const changed = template('App');
    const { ContainerDefinitions } = changed.Resources.TaskDefinition!.Properties as {
      ContainerDefinitions: { Environment: { Value: string }[] }[];
    };
    ContainerDefinitions[0]!.Environment[0]!.Value = 'good day';
    await cloud.update('App', changed);
    const second = cloud.resources.TaskDefinition!.ref;
    expect(second).not.toBe(first);
    const { services } = await ecs.describeServices({ cluster, services: ['App-Service'] });
    expect(services).toMatchObject([{ desiredCount: 2, runningCount: 2, taskDefinition: second }]);
    const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: first });
    expect(taskDefinition?.status).toBe('INACTIVE');
    await expect(
      ecs.updateService({ cluster, service: 'App-Service', taskDefinition: first }),
    ).rejects.toThrow('TaskDefinition is inactive');
  });
});

describe('a cloud that cannot be started', () => {
  let assembly: string;
  beforeEach(() => {
    assembly = mkdtempSync(join(tmpdir(), 'greenlight-assembly-test-'));
    cpSync(FIXTURE, assembly, { recursive: true });
  });
  afterEach(() => rmSync(assembly, { recursive: true }));

  function write(stack: string, change: (wanted: Template) => void) {
    const wanted = template(stack);
    change(wanted);
    writeFileSync(join(assembly, `${stack}.template.json`), JSON.stringify(wanted));
  }

  test('because a custom resource failed says why and leaves nothing behind', async () => {
    write('App', ({ Resources, Outputs }) => {
      Resources.Custom!.Properties!.Fail = 'no such rule';
      delete Resources.Machine;
      delete Outputs!.StateMachineArn;
    });
    // a temporary folder of its own: other suites start clouds at the same time
    const own = mkdtempSync(join(tmpdir(), 'greenlight-own-test-'));
    chmodSync(own, 0o755);
    const temporary = jest.spyOn(os, 'tmpdir').mockReturnValue(own);
    try {
      await expect(startCloud({ assembly, images: IMAGES, speed: SPEED })).rejects.toThrow(
        'Create of custom resource Custom (Custom::Answer) failed: no such rule',
      );
      expect(readdirSync(own)).toEqual([]);
    } finally {
      expect(temporary).toHaveBeenCalled();
      temporary.mockRestore();
      rmSync(own, { recursive: true, force: true });
    }
  });

  test('because of unsupported types names them', async () => {
    write('Data', ({ Resources }) => {
      Resources.Stream = { Type: 'AWS::Kinesis::Stream' };
    });
    await expect(startCloud({ assembly, images: IMAGES })).rejects.toThrow(
      '/Resources/Stream AWS::Kinesis::Stream',
    );
  });

  test('because there is no assembly or no such stack says what to do', async () => {
    const empty = join(assembly, 'web');
    await expect(startCloud({ assembly: empty, images: IMAGES })).rejects.toThrow('run npm run synth first');
    await expect(startCloud({ assembly, images: IMAGES, stacks: ['Other'] })).rejects.toThrow(
      'has no stack Other; it has Data, App',
    );
  });
});
