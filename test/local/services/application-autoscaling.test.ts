import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { createApplicationAutoScaling } from '../../../local/services/application-autoscaling';
import { endpointWith } from '../endpoint/fixture';
import { manualClock } from '../manual-clock';

const clock = manualClock();
/** Counts of services as ECS has them. */
let services: Map<string, { desired: number; deploying: boolean }>;
let scaling: ReturnType<typeof createApplicationAutoScaling>;
let client: ApplicationAutoScaling;

const WEB = 'service/main/web';
const target = {
  ServiceNamespace: 'ecs' as const,
  ResourceId: WEB,
  ScalableDimension: 'ecs:service:DesiredCount' as const,
};

beforeEach(async () => {
  services = new Map([
    ['main/web', { desired: 2, deploying: false }],
    ['main/idle', { desired: 0, deploying: false }],
  ]);
  scaling = createApplicationAutoScaling({
    clock,
    counts: {
      of: (cluster, service) => services.get(`${cluster}/${service}`),
      set: (cluster, service, desired) => {
        services.get(`${cluster}/${service}`)!.desired = desired;
      },
    },
  });
  const { endpoint } = await endpointWith({ 'application-autoscaling': scaling.operations });
  client = new ApplicationAutoScaling({
    region: 'eu-west-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(() => scaling.close?.());

const desired = (service = 'web') => services.get(`main/${service}`)?.desired;
const register = (MinCapacity: number, MaxCapacity: number) =>
  client.registerScalableTarget({ ...target, MinCapacity, MaxCapacity });

describe('a scalable target', () => {
  it('is told with its bounds, and puts the count inside of them when it is registered', async () => {
    const { ScalableTargetARN } = await register(3, 5);
    expect(desired()).toBe(3);
    const { ScalableTargets } = await client.describeScalableTargets({ ServiceNamespace: 'ecs' });
    expect(ScalableTargets).toEqual([
      {
        ...target,
        MinCapacity: 3,
        MaxCapacity: 5,
        RoleARN: expect.stringContaining('AWSServiceRoleForApplicationAutoScaling_ECSService'),
        CreationTime: expect.any(Date),
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
        },
        ScalableTargetARN,
      },
    ]);
  });

  it('is changed in what is given alone, and puts the count inside of its bounds whatever is given', async () => {
    await register(1, 5);
    await client.registerScalableTarget({ ...target, MinCapacity: 2 });
    services.get('main/web')!.desired = 9;
    await client.registerScalableTarget({
      ...target,
      SuspendedState: { DynamicScalingInSuspended: true },
    });
    expect(desired()).toBe(5);
    const { ScalableTargets } = await client.describeScalableTargets({ ServiceNamespace: 'ecs' });
    expect(ScalableTargets).toMatchObject([
      { MinCapacity: 2, MaxCapacity: 5, SuspendedState: { DynamicScalingInSuspended: true } },
    ]);
  });

  it('does not watch a count that somebody sets by hand', async () => {
    await register(1, 5);
    services.get('main/web')!.desired = 0;
    expect(desired()).toBe(0);
  });

  it('goes with its policies and scheduled actions', async () => {
    await register(1, 5);
    await client.putScalingPolicy({ ...target, ...tracking });
    await client.putScheduledAction({ ...target, ...nightly });
    await client.deregisterScalableTarget(target);
    const all = { ServiceNamespace: 'ecs' as const };
    expect((await client.describeScalableTargets(all)).ScalableTargets).toEqual([]);
    expect((await client.describeScalingPolicies(all)).ScalingPolicies).toEqual([]);
    expect((await client.describeScheduledActions(all)).ScheduledActions).toEqual([]);
    await expect(client.deregisterScalableTarget(target)).rejects.toMatchObject({
      name: 'ObjectNotFoundException',
    });
  });

  it('is found by its resource, a page at a time', async () => {
    for (let n = 0; n < 60; n++) {
      services.set(`main/s${n}`, { desired: 1, deploying: false });
      await client.registerScalableTarget({
        ...target,
        ...{ ResourceId: `service/main/s${n}`, MinCapacity: 0, MaxCapacity: 1 },
      });
    }
    const first = await client.describeScalableTargets({ ServiceNamespace: 'ecs' });
    const { NextToken } = first;
    const second = await client.describeScalableTargets({ ServiceNamespace: 'ecs', NextToken });
    expect([first.ScalableTargets!.length, second.ScalableTargets!.length]).toEqual([50, 10]);
    const one = await client.describeScalableTargets({
      ServiceNamespace: 'ecs',
      ResourceIds: ['service/main/s7', 'service/main/none'],
    });
    expect(one.ScalableTargets).toMatchObject([{ ResourceId: 'service/main/s7' }]);
  });

  it.each([
    ['of another kind', { ServiceNamespace: 'rds' as const }, /the service namespace rds is not supported/],
    ['of a service that is not there', { ResourceId: 'service/main/none' }, /ECS service doesn't exist/],
    ['without bounds', { MinCapacity: undefined }, /MinCapacity and MaxCapacity must be specified/],
    ['with its bounds the wrong way round', { MinCapacity: 6 }, /cannot be less than minimum/],
  ])('%s is refused', async (_, change, message) => {
    await expect(
      client.registerScalableTarget({ ...target, MinCapacity: 1, MaxCapacity: 5, ...change }),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
    expect(desired()).toBe(2);
  });
});

const tracking = {
  PolicyName: 'cpu',
  PolicyType: 'TargetTrackingScaling' as const,
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 50,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' as const },
  },
};

describe('a target-tracking policy', () => {
  beforeEach(async () => {
    await register(1, 5);
    const { Alarms } = await client.putScalingPolicy({ ...target, ...tracking });
    expect(Alarms).toHaveLength(2);
  });

  it.each([
    ['scales out to bring the metric to its target', 2, 100, 4],
    ['never beyond the maximum', 2, 1000, 5],
    ['scales in', 4, 20, 2],
    ['never below the minimum', 4, 1, 1],
    ['leaves a metric alone that is near its target', 4, 46, 4],
    ['puts a count below the minimum there before it scales out', 0, 60, 1],
    ['leaves a count below the minimum alone when it would scale in', 0, 10, 0],
  ])('%s: of %d tasks at %d %%, %d', (_, before, metric, after) => {
    services.get('main/web')!.desired = before;
    scaling.evaluate(WEB, 'cpu', metric);
    expect(desired()).toBe(after);
  });

  it.each([
    [{ DynamicScalingInSuspended: true }, 10, 4],
    [{ DynamicScalingInSuspended: true }, 60, 5],
    [{ DynamicScalingOutSuspended: true }, 60, 4],
    [{ DynamicScalingOutSuspended: true }, 10, 1],
  ])(
    'does nothing that is suspended: %j at %d %% makes 4 tasks %d',
    async (SuspendedState, metric, after) => {
      services.get('main/web')!.desired = 4;
      await client.registerScalableTarget({ ...target, SuspendedState });
      scaling.evaluate(WEB, 'cpu', metric);
      expect(desired()).toBe(after);
    },
  );

  it('does not scale in while ECS has a deployment of its own, and scales out', () => {
    services.set('main/web', { desired: 4, deploying: true });
    scaling.evaluate(WEB, 'cpu', 10);
    expect(desired()).toBe(4);
    scaling.evaluate(WEB, 'cpu', 60);
    expect(desired()).toBe(5);
  });

  it('tells what it did', async () => {
    scaling.evaluate(WEB, 'cpu', 100);
    const { ScalingActivities } = await client.describeScalingActivities({ ServiceNamespace: 'ecs' });
    expect(ScalingActivities).toMatchObject([
      { Description: 'Setting desired count to 4.', Cause: expect.stringContaining('triggered policy cpu') },
    ]);
  });

  it('needs a target that is registered', async () => {
    await expect(
      client.putScalingPolicy({ ...target, ...tracking, ResourceId: 'service/main/idle' }),
    ).rejects.toMatchObject({
      name: 'ObjectNotFoundException',
      message: expect.stringContaining('No scalable target registered'),
    });
  });
});

describe('in a template', () => {
  const types = ['ScalableTarget', 'ScalingPolicy'].map((name) => `AWS::ApplicationAutoScaling::${name}`);
  const [TARGET = '', POLICY = ''] = types;
  const declared = { ...target, MinCapacity: 1, MaxCapacity: 5 };
  const context = { logicalId: 'Scaling', name: 'Scaling', metadata: {} };
  const all = { ServiceNamespace: 'ecs' as const };

  it('a target and its policy are made, changed and removed with it', async () => {
    const before = { ...declared, ScheduledActions: [nightly] };
    const { ref } = await scaling.resources![TARGET]!(before, context);
    const policy = await scaling.resources![POLICY]!({ ScalingTargetId: ref, ...tracking }, context);
    expect((await client.describeScheduledActions(all)).ScheduledActions).toHaveLength(1);
    await scaling.updates![TARGET]!({ ...declared, MinCapacity: '3' }, { ...context, ref, before });
    expect(desired()).toBe(3);
    expect((await client.describeScheduledActions(all)).ScheduledActions).toEqual([]);
    await scaling.removals![POLICY]!(policy.ref, {});
    expect((await client.describeScalingPolicies(all)).ScalingPolicies).toEqual([]);
    await scaling.removals![TARGET]!(ref, declared);
    expect((await client.describeScalableTargets(all)).ScalableTargets).toEqual([]);
  });
});

const nightly = {
  ScheduledActionName: 'nightly',
  Schedule: 'rate(1 hour)',
  ScalableTargetAction: { MinCapacity: 3, MaxCapacity: 4 },
};

describe('a scheduled action', () => {
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };

  it.each([
    ['at a rate', () => 'rate(1 hour)'],
    ['at a time', () => `at(${new Date(clock.now() + 3_600_000).toISOString().slice(0, 19)})`],
  ])('sets the bounds %s, and puts the count inside of them', async (_, schedule) => {
    await register(1, 9);
    await client.putScheduledAction({ ...target, ...nightly, Schedule: schedule() });
    await pass(3_599_000);
    expect(desired()).toBe(2);
    await pass(1_000);
    expect(desired()).toBe(3);
    const { ScalableTargets } = await client.describeScalableTargets({ ServiceNamespace: 'ecs' });
    expect(ScalableTargets).toMatchObject([{ MinCapacity: 3, MaxCapacity: 4 }]);
  });

  it('does nothing while it is suspended, or once it is deleted', async () => {
    await register(1, 9);
    const at = new Date(clock.now() + 60_000).toISOString().slice(0, 19);
    await client.putScheduledAction({ ...target, ...nightly, Schedule: `at(${at})` });
    await client.putScheduledAction({ ...target, ...nightly, ScheduledActionName: 'other' });
    await client.deleteScheduledAction({ ...target, ScheduledActionName: 'other' });
    await client.registerScalableTarget({ ...target, SuspendedState: { ScheduledScalingSuspended: true } });
    await pass(7_200_000);
    expect(desired()).toBe(2);
  });

  it.each([
    ['cron(0 20 L * ? *)', /The schedule cron\(0 20 L \* \? \*\) is not valid/],
    ['every night', /The schedule every night is not valid/],
  ])('refuses the schedule %s', async (Schedule, message) => {
    await register(1, 9);
    await expect(client.putScheduledAction({ ...target, ...nightly, Schedule })).rejects.toThrow(message);
  });
});
