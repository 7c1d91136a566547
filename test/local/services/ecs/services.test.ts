import { alive, until } from '../../processes/alive';
import { answerOf, startWorld, type World } from './world';

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/blue/1';
const ports = { portMappings: [{ containerPort: 8080 }] };

let world: World;
beforeEach(async () => {
  world = await startWorld({ speed: 20 });
});
afterEach(() => world.close());

const properties = (TaskDefinition: string, change: object = {}) => ({
  ServiceName: 'web',
  Cluster: 'main',
  TaskDefinition,
  DesiredCount: 2,
  LaunchType: 'FARGATE',
  LoadBalancers: [{ ContainerName: 'app', ContainerPort: 8080, TargetGroupArn: GROUP }],
  ...change,
});

const create = (taskDefinition: string, change?: object) =>
  world.make('AWS::ECS::Service', properties(taskDefinition, change));

const service = async () =>
  (await world.call('DescribeServices', { cluster: 'main', services: ['web'] })).services[0];

const update = (input: object) => world.call('UpdateService', { cluster: 'main', service: 'web', ...input });

it('lists clusters by their ARNs', async () => {
  expect(await world.call('ListClusters', {})).toEqual({
    clusterArns: ['arn:aws:ecs:eu-west-1:000000000000:cluster/main'],
  });
});

/** The service's tasks that are wanted, and which of them are protected. */
const wanted = async (): Promise<string[]> =>
  (await world.call('ListTasks', { cluster: 'main', serviceName: 'web' })).taskArns;
const protect = (tasks: string[], change: object = {}) =>
  world.call('UpdateTaskProtection', { cluster: 'main', tasks, protectionEnabled: true, ...change });

const steady = () =>
  until('the service is steady', async () => {
    const { deployments, runningCount, desiredCount } = await service();
    return (
      deployments.length === 1 && runningCount === desiredCount && deployments[0].rolloutState === 'COMPLETED'
    );
  });

const answers = () =>
  Promise.all([...world.targets.registered.keys()].map((port) => answerOf({ id: '127.0.0.1', port })));

/** Healthy is what answers with one of these versions. */
const onlyHealthy = (...versions: string[]) => {
  world.targets.health = async (target) =>
    versions.includes(await answerOf(target)) ? 'healthy' : 'unhealthy';
};

describe('a service', () => {
  it('is created when its tasks are healthy behind the load balancer', async () => {
    onlyHealthy('v1');
    const resource = await create(await world.define({ VERSION: 'v1' }, {}, ports), {
      HealthCheckGracePeriodSeconds: 600,
    });
    expect(resource).toEqual({
      ref: 'arn:aws:ecs:eu-west-1:000000000000:service/main/web',
      attributes: { Name: 'web', ServiceArn: 'arn:aws:ecs:eu-west-1:000000000000:service/main/web' },
    });
    expect(await answers()).toEqual(['v1', 'v1']);
    expect(await service()).toMatchObject({
      runningCount: 2,
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    });
    expect(world.events.map(({ detail }) => detail.eventName)).toEqual(
      expect.arrayContaining(['SERVICE_DEPLOYMENT_IN_PROGRESS', 'SERVICE_DEPLOYMENT_COMPLETED']),
    );
  });

  it('with no tasks is steady at once, and grows and shrinks without a new deployment', async () => {
    await create(await world.define({}, {}, ports), { DesiredCount: 0 });
    const { id } = (await service()).deployments[0];
    await update({ desiredCount: 2 });
    await until('two tasks run', async () => (await service()).runningCount === 2);
    await update({ desiredCount: 1 });
    await until(
      'one task runs',
      async () => (await service()).runningCount === 1 && world.processes.count() === 1,
    );
    expect((await service()).deployments).toMatchObject([{ id, rolloutState: 'COMPLETED', desiredCount: 1 }]);
    expect(world.targets.registered.size).toBe(1);
  });

  it('keeps a task that is protected from being scaled in, until its protection ends', async () => {
    await create(await world.define({}, {}, ports));
    const [kept = '', other = ''] = await wanted();
    expect(await protect([kept], { expiresInMinutes: 1 })).toMatchObject({
      protectedTasks: [{ taskArn: kept, protectionEnabled: true, expirationDate: expect.any(Date) }],
    });
    await update({ desiredCount: 0 });
    await until('the other one is stopped', async () => (await wanted()).length === 1);
    expect(await wanted()).toEqual([kept]);
    expect(await service()).toMatchObject({ desiredCount: 0, runningCount: 1 });
    expect(
      await world.call('GetTaskProtection', { cluster: 'main', tasks: [kept, other, 'none'] }),
    ).toMatchObject({
      protectedTasks: [{ taskArn: kept, protectionEnabled: true }],
      failures: [{ reason: 'TASK_NOT_VALID' }, { reason: 'MISSING' }],
    });
    await until('its minute is over', async () => (await wanted()).length === 0);
  });

  it('does not replace a protected task by another version, and lets it be stopped by name or by who protects it', async () => {
    onlyHealthy('v1', 'v2');
    await create(await world.define({ VERSION: 'v1' }, {}, ports), { HealthCheckGracePeriodSeconds: 600 });
    const old = await wanted();
    await protect(old);
    await update({ taskDefinition: await world.define({ VERSION: 'v2' }, {}, ports) });
    await until('both versions run', async () => (await service()).runningCount === 4);
    expect((await service()).deployments).toHaveLength(2);
    await world.call('StopTask', { cluster: 'main', task: old[0] });
    await until('it is gone', async () => !(await wanted()).includes(old[0]!));
    expect(await wanted()).toContain(old[1]);
    await protect([old[1]!], { protectionEnabled: false });
    await steady();
    expect(await answers()).toEqual(['v2', 'v2']);
  });

  it.each([
    ['no task', { tasks: [] }, 'Tasks cannot be empty.'],
    ['more than ten', { tasks: Array(11).fill('t') }, 'Tasks can have at most 10 items.'],
    ['more than two days', { expiresInMinutes: 2881 }, 'expiresInMinutes should be between 1 and 2880.'],
  ])('refuses to protect %s', async (_, change, message) => {
    await expect(async () => protect(['t'], change)).rejects.toThrow(message);
  });

  it('rolls to a new task definition and stops the old tasks only when the new ones are healthy', async () => {
    onlyHealthy('v1', 'v2');
    await create(await world.define({ VERSION: 'v1' }, {}, ports), { HealthCheckGracePeriodSeconds: 600 });
    const before = [...world.targets.registered.keys()];
    world.targets.log.length = 0;
    await update({ taskDefinition: await world.define({ VERSION: 'v2' }, {}, ports) });
    expect((await service()).deployments.map(({ status }: { status: string }) => status)).toEqual([
      'PRIMARY',
      'ACTIVE',
    ]);
    await steady();
    expect(await answers()).toEqual(['v2', 'v2']);
    const { log } = world.targets;
    const firstLeft = log.findIndex((line) => line.startsWith('deregister'));
    expect(log.slice(0, firstLeft)).toEqual([
      expect.stringMatching(/^register/),
      expect.stringMatching(/^register/),
    ]);
    expect(log.filter((line) => line.startsWith('deregister')).sort()).toEqual(
      before.map((port) => `deregister ${port}`).sort(),
    );
  });

  it('without load balancer and health check stops the old tasks once the new ones have run for 40 s', async () => {
    await create(await world.define({ VERSION: 'v1' }), { LoadBalancers: [] });
    const old = await wanted();
    const next = await world.define({ VERSION: 'v2' });
    await update({ taskDefinition: next });
    await steady();
    const described = async (tasks: string[]) =>
      (await world.call('DescribeTasks', { cluster: 'main', tasks })).tasks as {
        startedAt: Date;
        stoppingAt: Date;
        taskDefinitionArn: string;
      }[];
    const [gone, stand] = [await described(old), await described(await wanted())];
    expect(stand.map(({ taskDefinitionArn }) => taskDefinitionArn)).toEqual([next, next]);
    const proven = Math.min(...stand.map(({ startedAt }) => startedAt.getTime())) + 40_000;
    for (const { stoppingAt } of gone) expect(stoppingAt.getTime()).toBeGreaterThanOrEqual(proven);
  });

  it('replaces a task that is lost during a deployment by one of its own revision', async () => {
    // the new revision never gets healthy
    onlyHealthy('v1');
    await create(await world.define({ VERSION: 'v1' }, {}, ports), { HealthCheckGracePeriodSeconds: 6_000 });
    const old = new Set(world.processes.pids());
    await update({ taskDefinition: await world.define({ VERSION: 'v2' }, {}, ports) });
    await until('both revisions run', () => world.targets.registered.size === 4);
    process.kill([...old][0]!, 'SIGKILL');
    await until('the lost one is replaced', async () => {
      const versions = await answers();
      const replaced = world.processes.pids().filter((pid) => old.has(pid)).length === 1;
      return replaced && versions.filter((version) => version === 'v1').length === 2;
    });
    expect((await answers()).sort()).toEqual(['v1', 'v1', 'v2', 'v2']);
    const { deployments } = await service();
    expect(deployments.map(({ runningCount }: { runningCount: number }) => runningCount)).toEqual([2, 2]);
  });

  it('is refused with a name of other characters or a negative count', async () => {
    const taskDefinition = await world.define({}, {}, ports);
    for (const change of [{ serviceName: 'a b' }, { desiredCount: -1 }])
      await expect(
        world.call('CreateService', { cluster: 'main', serviceName: 'web', taskDefinition, ...change }),
      ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(world.call('CreateCluster', { clusterName: 'a b' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(world.call('DescribeServices', { cluster: 'main' })).rejects.toMatchObject({
      message: 'Services cannot be empty.',
    });
  });

  it('does not end a task before its deregistration delay is over', async () => {
    await create(await world.define({}, {}, ports), { DesiredCount: 1 });
    const [pid] = world.processes.pids();
    let over = () => {};
    world.targets.delay = new Promise((resolve) => {
      over = resolve;
    });
    await update({ desiredCount: 0 });
    await until('it is deregistered', () => world.targets.log.some((line) => line.startsWith('deregister')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(alive(pid!)).toBe(true);
    const { taskArns } = await world.call('ListTasks', {
      cluster: 'main',
      serviceName: 'web',
      desiredStatus: 'STOPPED',
    });
    const { tasks } = await world.call('DescribeTasks', { cluster: 'main', tasks: taskArns });
    expect(tasks[0].lastStatus).toBe('DEACTIVATING');
    over();
    await until('it has ended', () => !alive(pid!));
  });

  it('replaces a task that crashes and one that becomes unhealthy', async () => {
    await create(await world.define({}, {}, ports), { DesiredCount: 1 });
    const [first] = world.processes.pids();
    process.kill(first!, 'SIGKILL');
    await until('another one runs', () => {
      const [pid] = world.processes.pids();
      return pid !== undefined && pid !== first && world.targets.registered.size === 1;
    });
    const [second] = world.processes.pids();
    const [sick] = [...world.targets.registered.keys()];
    world.targets.health = ({ port }) => (port === sick ? 'unhealthy' : 'healthy');
    await until('a third one runs', () => {
      const pids = world.processes.pids();
      return pids.length === 1 && pids[0] !== second;
    });
    const stopped = await world.call('ListTasks', {
      cluster: 'main',
      serviceName: 'web',
      desiredStatus: 'STOPPED',
    });
    const { tasks } = await world.call('DescribeTasks', { cluster: 'main', tasks: stopped.taskArns });
    expect(tasks.map(({ stopCode }: { stopCode: string }) => stopCode).sort()).toEqual([
      'EssentialContainerExited',
      'ServiceSchedulerInitiated',
    ]);
  });

  it('is not created when its tasks keep ending; the error has their last words', async () => {
    onlyHealthy('v1');
    const failing = create(await world.define({ MODE: 'crash' }, {}, ports), {
      HealthCheckGracePeriodSeconds: 600,
    });
    await expect(failing).rejects.toThrow(/did not become steady: .*exit code 3, last output: .*/);
  });

  it('goes back to the last good definition when the circuit breaker opens', async () => {
    onlyHealthy('v1');
    const good = await world.define({ VERSION: 'v1' }, {}, ports);
    await create(good, {
      DesiredCount: 1,
      HealthCheckGracePeriodSeconds: 60,
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
    });
    const [port] = [...world.targets.registered.keys()];
    await update({ taskDefinition: await world.define({ MODE: 'crash' }, {}, ports) });
    await until('it is back', async () => (await service()).taskDefinition === good);
    await steady();
    expect([...world.targets.registered.keys()]).toEqual([port]);
    expect(world.events.map(({ detail }) => detail.eventName)).toContain('SERVICE_DEPLOYMENT_FAILED');
  });

  it('without circuit breaker keeps trying, ever more slowly, and the old tasks keep serving', async () => {
    onlyHealthy('v1');
    await create(await world.define({ VERSION: 'v1' }, {}, ports), {
      DesiredCount: 1,
      HealthCheckGracePeriodSeconds: 60,
    });
    await update({ taskDefinition: await world.define({ MODE: 'crash' }, {}, ports) });
    await until('three tasks failed', async () => (await service()).deployments[0].failedTasks >= 3);
    const { deployments } = await service();
    expect(deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', runningCount: 1 },
    ]);
    expect(await answers()).toEqual(['v1']);
  });

  it('is deleted with its tasks', async () => {
    await create(await world.define({}, {}, ports));
    await expect(world.call('DeleteService', { cluster: 'main', service: 'web' })).rejects.toThrow(
      'scaled above 0',
    );
    await world.call('DeleteService', { cluster: 'main', service: 'web', force: true });
    await until('it is inactive', async () => (await service()).status === 'INACTIVE');
    expect(world.processes.count()).toBe(0);
    await expect(update({ desiredCount: 1 })).rejects.toMatchObject({ name: 'ServiceNotActiveException' });
  });

  it.each([
    [{ DeploymentController: { Type: 'CODE_DEPLOY' } }, 'deployment controller CODE_DEPLOY is not supported'],
    [{ DeploymentConfiguration: { Strategy: 'BLUE_GREEN' } }, 'deployment strategy BLUE_GREEN'],
    [
      { LoadBalancers: [{ ContainerName: 'db', ContainerPort: 1, TargetGroupArn: GROUP }] },
      'container db does not exist',
    ],
    [{ Cluster: 'none' }, 'Cluster not found'],
  ])('is refused when it could not be what is asked for: %j', async (change, message) => {
    await expect(create(await world.define({}, {}, ports), change)).rejects.toThrow(message);
  });

  it('that does not exist is missing in a description and an error in an update', async () => {
    const answer = await world.call('DescribeServices', { cluster: 'main', services: ['none'] });
    expect(answer).toMatchObject({ services: [], failures: [{ reason: 'MISSING' }] });
    await expect(update({ desiredCount: 1 })).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
  });
});

describe('a template that changes a service', () => {
  const changed = (before: object, after: object) =>
    world.change('AWS::ECS::Service', 'arn:aws:ecs:eu-west-1:000000000000:service/main/web', after, before);

  it('puts back the count and the task definition that it names, whichever property it is about', async () => {
    onlyHealthy('v1', 'v2');
    const first = await world.define({ VERSION: 'v1' }, {}, ports);
    const before = properties(first, { DesiredCount: 1, HealthCheckGracePeriodSeconds: 600 });
    await world.make('AWS::ECS::Service', before);
    await update({ desiredCount: 2, taskDefinition: await world.define({ VERSION: 'v2' }, {}, ports) });
    await steady();
    await changed(before, { ...before, HealthCheckGracePeriodSeconds: 500 });
    expect(await service()).toMatchObject({
      desiredCount: 1,
      runningCount: 1,
      taskDefinition: first,
      healthCheckGracePeriodSeconds: 500,
    });
    expect(await answers()).toEqual(['v1']);
  });

  it('leaves the live count where it names none, and begins no deployment for a count', async () => {
    const first = await world.define({ VERSION: 'v1' }, {}, ports);
    await create(first, { DesiredCount: undefined });
    expect((await service()).desiredCount).toBe(1);
    await update({ desiredCount: 2 });
    await steady();
    const { id } = (await service()).deployments[0];
    const before = properties(first, { DesiredCount: undefined });
    await changed(before, { ...before, HealthCheckGracePeriodSeconds: 30 });
    expect(await service()).toMatchObject({ desiredCount: 2, deployments: [{ id }] });
    await changed(before, { ...before, DesiredCount: 3 });
    expect(await service()).toMatchObject({ runningCount: 3, deployments: [{ id }] });
  });

  it('replaces its tasks for another network', async () => {
    onlyHealthy('v1');
    const first = await world.define({ VERSION: 'v1' }, {}, ports);
    const before = properties(first, { DesiredCount: 1, HealthCheckGracePeriodSeconds: 600 });
    await world.make('AWS::ECS::Service', before);
    const pids = world.processes.pids();
    const network = (subnet: string) => ({ AwsvpcConfiguration: { Subnets: [subnet] } });
    await changed(before, { ...before, NetworkConfiguration: network('subnet-2') });
    expect(world.processes.pids()).not.toEqual(pids);
    expect(await answers()).toEqual(['v1']);
  });

  it('is refused for what makes another service', async () => {
    const before = properties(await world.define({}, {}, ports));
    await create(before.TaskDefinition);
    await expect(changed(before, { ...before, ServiceName: 'other' })).rejects.toThrow(
      'a change of ServiceName makes another service on AWS',
    );
  });
});
