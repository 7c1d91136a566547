import type { Task } from '@aws-sdk/client-ecs';
import { alive, until } from '../../processes/alive';
import { startWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const run = async (taskDefinition: string, input: object = {}): Promise<Task> =>
  (await world.call('RunTask', { cluster: 'main', taskDefinition, ...input })).tasks[0];

const describe_ = async ({ taskArn }: Task): Promise<Task> =>
  (await world.call('DescribeTasks', { cluster: 'main', tasks: [taskArn] })).tasks[0];

async function untilStatus(task: Task, status: string): Promise<Task> {
  await until(`the task is ${status}`, async () => (await describe_(task)).lastStatus === status);
  return describe_(task);
}

const printed = (task: Task) => {
  const id = task.taskArn!.split('/').at(-1);
  return world.logs.filter(({ stream }) => stream === `web/app/${id}`).map(({ message }) => message);
};

describe('a task', () => {
  it('is a process with the environment of image, definition, overrides, secrets and cloud', async () => {
    const definition = await world.define(
      { MODE: 'once', A: 'definition', B: 'definition' },
      { taskRoleArn: 'arn:aws:iam::000000000000:role/path/app-role' },
      { secrets: [{ name: 'PASSWORD', valueFrom: 'arn:secret:password::' }] },
    );
    const task = await run(definition, {
      startedBy: 'deployment-1',
      overrides: {
        containerOverrides: [
          {
            name: 'app',
            environment: [{ name: 'B', value: 'override' }],
            command: ['node', 'main.mjs', 'up'],
          },
        ],
      },
    });
    expect(task).toMatchObject({
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      startedBy: 'deployment-1',
    });
    const ended = await untilStatus(task, 'STOPPED');
    expect(ended).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      group: 'family:app',
    });
    expect(ended.containers).toMatchObject([{ name: 'app', exitCode: 0, lastStatus: 'STOPPED' }]);
    const output = JSON.parse(printed(task).find((line) => line.startsWith('{'))!);
    expect(output.arguments).toEqual(['up']);
    expect(output.env).toMatchObject({
      A: 'definition',
      B: 'override',
      FROM_IMAGE: 'yes',
      PASSWORD: 'secret of arn:secret:password::',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ACCESS_KEY_ID: 'app-role',
    });
    expect(output.env.JEST_WORKER_ID).toBeUndefined();
  });

  it('tells its exit code and its events', async () => {
    const task = await run(await world.define({ MODE: 'once', CODE: '7' }));
    expect((await untilStatus(task, 'STOPPED')).containers![0]!.exitCode).toBe(7);
    const seen = world.events
      .filter(
        ({ detailType, resources }) =>
          detailType === 'ECS Task State Change' && resources![0] === task.taskArn,
      )
      .map(({ detail }) => detail.lastStatus);
    expect(seen[0]).toBe('PROVISIONING');
    expect(seen.at(-1)).toBe('STOPPED');
  });

  it('has no exit code when its image does not exist', async () => {
    const task = await run(await world.define({}, {}, { image: 'app:v9' }));
    const ended = await untilStatus(task, 'STOPPED');
    expect(ended).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(ended.stoppedReason).toMatch(/^CannotPullContainerError: .*app:v9: not found/);
    expect(ended.containers![0]!.exitCode).toBeUndefined();
    expect(ended.containers![0]!.reason).toMatch(/^CannotPullContainerError/);
  });

  it('has no exit code when a secret or its program is missing', async () => {
    const secrets = [{ name: 'X', valueFrom: 'missing' }];
    const first = await untilStatus(await run(await world.define({}, {}, { secrets })), 'STOPPED');
    expect(first.stoppedReason).toMatch(/^ResourceInitializationError: .*no secret missing/);
    const second = await untilStatus(
      await run(await world.define({}, {}, { command: ['/no/such'] })),
      'STOPPED',
    );
    expect(second).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(second.stoppedReason).toMatch(/^CannotStartContainerError: .*ENOENT/);
    expect([first, second].map(({ containers }) => containers![0]!.exitCode)).toEqual([undefined, undefined]);
  });

  it('is asked to stop, and has the exit code of its own end', async () => {
    const task = await untilStatus(await run(await world.define({ MODE: 'serve' })), 'RUNNING');
    await until('it has its handler', () => printed(task).some((line) => line.startsWith('pid')));
    const { task: stopping } = await world.call('StopTask', {
      cluster: 'main',
      task: task.taskArn,
      reason: 'enough',
    });
    expect(stopping.desiredStatus).toBe('STOPPED');
    const ended = await untilStatus(task, 'STOPPED');
    expect(ended).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough' });
    expect([0, 143]).toContain(ended.containers![0]!.exitCode);
  });

  it('is killed after its stop timeout, with exit code 137', async () => {
    const task = await run(await world.define({ MODE: 'stubborn' }, {}, { stopTimeout: 1 }));
    await until('it ignores SIGTERM', () => printed(task).some((line) => line.startsWith('pid')));
    // the handler is installed in the statement after the line was printed
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [pid] = world.ecs.processesOf(task.taskArn!);
    await world.call('StopTask', { cluster: 'main', task: task.taskArn });
    expect((await untilStatus(task, 'STOPPED')).containers![0]!.exitCode).toBe(137);
    expect(alive(pid!)).toBe(false);
  });

  it('ends as a whole when an essential container ends', async () => {
    const container = (name: string, mode: string, essential: boolean) => ({
      name,
      essential,
      image: 'app:v1',
      environment: [{ name: 'MODE', value: mode }],
    });
    const { taskDefinition } = await world.call('RegisterTaskDefinition', {
      family: 'pair',
      containerDefinitions: [container('main', 'serve', true), container('init', 'once', false)],
    });
    const task = await untilStatus(await run(taskDefinition.taskDefinitionArn), 'RUNNING');
    await until(
      'the other one has ended',
      async () => (await describe_(task)).containers![1]!.exitCode === 0,
    );
    expect((await describe_(task)).lastStatus).toBe('RUNNING');
    process.kill(world.ecs.processesOf(task.taskArn!)[0]!, 'SIGKILL');
    const ended = await untilStatus(task, 'STOPPED');
    expect(ended.containers![0]!.exitCode).toBe(137);
    expect(ended.stopCode).toBe('EssentialContainerExited');
  });
});

describe('RunTask', () => {
  it('starts a task once for a client token, and refuses the token for other parameters', async () => {
    const definition = await world.define({ MODE: 'serve' });
    const first = await run(definition, { clientToken: 'once', startedBy: 'token' });
    expect((await run(definition, { clientToken: 'once', startedBy: 'token' })).taskArn).toBe(first.taskArn);
    await expect(run(definition, { clientToken: 'once', startedBy: 'other' })).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: [first.taskArn],
    });
    const { taskArns } = await world.call('ListTasks', { cluster: 'main', startedBy: 'token' });
    expect(taskArns).toEqual([first.taskArn]);
    await world.call('StopTask', { cluster: 'main', task: first.taskArn });
    await untilStatus(first, 'STOPPED');
    expect((await world.call('ListTasks', { cluster: 'main', startedBy: 'token' })).taskArns).toEqual([]);
    const stopped = { cluster: 'main', startedBy: 'token', desiredStatus: 'STOPPED' };
    expect((await world.call('ListTasks', stopped)).taskArns).toEqual([first.taskArn]);
  });

  it('forgets a client token an hour after the task has ended', async () => {
    // an hour takes a tenth of a second
    const fast = await startWorld({ speed: 36_000 });
    try {
      const taskDefinition = await fast.define({ MODE: 'once' });
      const input = { cluster: 'main', taskDefinition, clientToken: 'once' };
      const arnOf = async () => (await fast.call('RunTask', input)).tasks[0].taskArn;
      const first = await arnOf();
      expect(await arnOf()).toBe(first);
      await until('the token is free again', async () => (await arnOf()) !== first);
      const stopped = (await fast.call('DescribeTasks', { cluster: 'main', tasks: [first] })).tasks[0]
        .stoppedAt;
      expect(fast.clock.now() - stopped.getTime()).toBeGreaterThan(3_600_000);
    } finally {
      await fast.close();
    }
  });

  it('is found by who started it, and by nothing beside', async () => {
    await expect(
      world.call('ListTasks', { cluster: 'main', startedBy: 'token', family: 'app' }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(world.call('DescribeTasks', { cluster: 'main', tasks: [] })).rejects.toMatchObject({
      message: 'Tasks cannot be empty.',
    });
  });

  it('answers a shortage with failures, not with an error', async () => {
    const definition = await world.define({ MODE: 'once' }, { memory: '1024' });
    const used = 0;
    world.ecs.capacity.memory = used + 1;
    const answer = await world.call('RunTask', { cluster: 'main', taskDefinition: definition });
    world.ecs.capacity.memory = undefined;
    expect(answer).toMatchObject({ tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] });
  });

  it.each([
    [{ cluster: 'none' }, 'ClusterNotFoundException', 'Cluster not found.'],
    [{ taskDefinition: 'none' }, 'ClientException', 'TaskDefinition not found.'],
    [{ count: 11 }, 'InvalidParameterException', 'Count'],
    [{ clientToken: 'with space' }, 'InvalidParameterException', 'token'],
    [{ startedBy: 'somebody else' }, 'InvalidParameterException', 'startedBy'],
    [{ startedBy: 'x'.repeat(129) }, 'InvalidParameterException', 'startedBy'],
    [
      { overrides: { containerOverrides: [{ name: 'db' }] } },
      'InvalidParameterException',
      'container named db',
    ],
  ])('refuses %j', async (change, name, message) => {
    const definition = await world.define({ MODE: 'once' });
    await expect(run(definition, change)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  it('refuses an inactive task definition, and one for awsvpc without network', async () => {
    const definition = await world.define({}, { networkMode: 'awsvpc' });
    await expect(run(definition)).rejects.toThrow('Network Configuration must be provided');
    await world.call('DeregisterTaskDefinition', { taskDefinition: definition });
    await expect(run(definition)).rejects.toThrow('TaskDefinition is inactive');
  });
});

describe('task definitions', () => {
  it('have revisions, of which the newest active one is meant by the family', async () => {
    const define = (family: string) => world.define({}, { family });
    const [first, second] = [await define('rev'), await define('rev')];
    expect([first, second].map((arn) => arn.split('/').at(-1))).toEqual(['rev:1', 'rev:2']);
    const newest = async () =>
      (await world.call('DescribeTaskDefinition', { taskDefinition: 'rev' })).taskDefinition.revision;
    expect(await newest()).toBe(2);
    await world.call('DeregisterTaskDefinition', { taskDefinition: 'rev:2' });
    expect(await newest()).toBe(1);
    const { taskDefinitionArns } = await world.call('ListTaskDefinitions', { familyPrefix: 'rev' });
    expect(taskDefinitionArns).toEqual([first]);
  });

  it.each([
    [{ containerDefinitions: [] }, 'empty'],
    [{ family: 'a b' }, 'Family'],
    [{ volumes: [{ name: 'v' }] }, 'volumes is not supported'],
    [
      { containerDefinitions: [{ name: 'a', image: 'app:v1', dependsOn: [{ containerName: 'b' }] }] },
      'dependsOn',
    ],
    [{ containerDefinitions: [{ name: 'a', image: 'x', essential: false }] }, 'essential'],
  ])('are refused by name when they cannot be run: %j', async (change, message) => {
    await expect(world.define({}, change)).rejects.toThrow(message);
  });
});
