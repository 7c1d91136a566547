import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@aws-sdk/client-ecs';
import { until } from '../../processes/alive';
import { startWorld, type World } from './world';

let world: World;
let flag: string;
beforeAll(async () => {
  world = await startWorld({ speed: 100 });
  flag = join(world.processes.workDir, 'well');
});
afterAll(() => world.close());

const well = () => writeFileSync(flag, '');
const sick = () => rmSync(flag, { force: true });

/** Passes while the file is there. */
const checked = (more: object = {}) => ({
  healthCheck: { command: ['CMD-SHELL', 'test -f "$FLAG"'], interval: 5, retries: 2, ...more },
});

const define = (container: object) => world.define({ MODE: 'serve', FLAG: flag }, {}, container);

async function run(container: object): Promise<Task> {
  const taskDefinition = await define(container);
  return (await world.call('RunTask', { cluster: 'main', taskDefinition })).tasks[0];
}

const seen = async ({ taskArn }: Task): Promise<Task> =>
  (await world.call('DescribeTasks', { cluster: 'main', tasks: [taskArn] })).tasks[0];

const untilHealth = (task: Task, health: string) =>
  until(`the task is ${health}`, async () => (await seen(task)).healthStatus === health);

const stop = ({ taskArn }: Task) => world.call('StopTask', { cluster: 'main', task: taskArn });

describe('a task whose container has a health check', () => {
  it('is unknown until the check has passed, then healthy, and sick after so many failures; it lives on', async () => {
    well();
    const task = await run(checked());
    expect(task.healthStatus).toBe('UNKNOWN');
    await untilHealth(task, 'HEALTHY');
    sick();
    await untilHealth(task, 'UNHEALTHY');
    expect(await seen(task)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ name: 'app', healthStatus: 'UNHEALTHY' }],
    });
    well();
    await untilHealth(task, 'HEALTHY');
    const told = world.events
      .filter(({ resources }) => resources![0] === task.taskArn)
      .map(({ detail }) => detail.healthStatus);
    expect(told.filter((health, index) => health !== told[index - 1])).toEqual([
      'UNKNOWN',
      'HEALTHY',
      'UNHEALTHY',
      'HEALTHY',
    ]);
    await stop(task);
  });

  it('is not sick before its start period is over', async () => {
    sick();
    const task = await run(checked({ startPeriod: 300, retries: 1 }));
    await until('it runs', async () => (await seen(task)).lastStatus === 'RUNNING');
    const { startedAt } = await seen(task);
    await untilHealth(task, 'UNHEALTHY');
    expect(world.clock.now() - startedAt!.getTime()).toBeGreaterThanOrEqual(300_000);
    await stop(task);
  });

  it('is sick when the check does not come to an end', async () => {
    const task = await run(checked({ command: ['CMD', 'sleep', '60'], timeout: 2, retries: 1 }));
    await untilHealth(task, 'UNHEALTHY');
    await stop(task);
  });

  it('runs no check of which it is told NONE', async () => {
    const task = await run(checked({ command: ['NONE'] }));
    await until('it runs', async () => (await seen(task)).lastStatus === 'RUNNING');
    await world.clock.sleep(20_000);
    expect((await seen(task)).healthStatus).toBe('UNKNOWN');
    await stop(task);
  });

  it.each([
    [{ command: ['curl'] }, 'healthCheck.command of container app must begin with CMD, CMD-SHELL or NONE.'],
    [{ interval: 4 }, 'healthCheck.interval of container app must be between 5 and 300.'],
    [{ retries: 11 }, 'healthCheck.retries of container app must be between 1 and 10.'],
  ])('is refused with %j', async (more, problem) => {
    await expect(define(checked(more))).rejects.toMatchObject({ name: 'ClientException', message: problem });
  });
});

describe('a service whose container has a health check', () => {
  it('is steady once it passes, and replaces a task that fails it', async () => {
    well();
    await world.make('AWS::ECS::Service', {
      ServiceName: 'checked',
      Cluster: 'main',
      DesiredCount: 1,
      TaskDefinition: await define(checked()),
    });
    const tasksOf = async (desiredStatus: string): Promise<Task[]> => {
      const { taskArns } = await world.call('ListTasks', {
        cluster: 'main',
        serviceName: 'checked',
        desiredStatus,
      });
      if (taskArns.length === 0) return [];
      return (await world.call('DescribeTasks', { cluster: 'main', tasks: taskArns })).tasks;
    };
    const [first] = await tasksOf('RUNNING');
    expect(first!.healthStatus).toBe('HEALTHY');
    sick();
    await until('it is stopped', async () => (await tasksOf('STOPPED')).length > 0);
    expect(await seen(first!)).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
    });
    well();
    await until('another one is healthy', async () =>
      (await tasksOf('RUNNING')).some(({ healthStatus }) => healthStatus === 'HEALTHY'),
    );
  });
});
