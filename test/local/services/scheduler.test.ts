import type { RunTaskRequest } from '@aws-sdk/client-ecs';
import { type CreateScheduleCommandInput, Scheduler } from '@aws-sdk/client-scheduler';
import { createScheduler } from '../../../local/services/scheduler';
import { endpointWith } from '../endpoint/fixture';
import { manualClock } from '../manual-clock';

const clock = manualClock();
const RoleArn = 'arn:aws:iam::000000000000:role/scheduler';
const Arn = 'arn:aws:ecs:eu-west-1:000000000000:cluster/main';

let scheduler: ReturnType<typeof createScheduler>;
let client: Scheduler;
let ran: { roleArn: string; request: RunTaskRequest }[];
let refuses: string | undefined;

beforeEach(async () => {
  ran = [];
  refuses = undefined;
  scheduler = createScheduler({
    clock,
    runTask: async (roleArn, request) => {
      if (refuses) throw new Error(refuses);
      ran.push({ roleArn, request });
    },
  });
  const { endpoint } = await endpointWith({ scheduler: scheduler.operations });
  client = new Scheduler({
    region: 'eu-west-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(() => scheduler.close?.());

const schedule = {
  Name: 'nightly',
  ScheduleExpression: 'rate(5 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn,
    RoleArn,
    EcsParameters: {
      TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/job:3',
      LaunchType: 'FARGATE',
      NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'] } },
    },
  },
} satisfies CreateScheduleCommandInput;

/** Moves the time on, and lets what is due begin. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('starts the task by its role whenever it is due', async () => {
  await client.createSchedule(schedule);
  await pass(4);
  expect(ran).toEqual([]);
  await pass(6);
  expect(ran).toHaveLength(2);
  expect(ran[0]).toMatchObject({
    roleArn: RoleArn,
    request: {
      cluster: Arn,
      taskDefinition: schedule.Target.EcsParameters.TaskDefinitionArn,
      count: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    },
  });
});

it('shows every member that it was given, with the defaults of those that it was not', async () => {
  const more = {
    Description: 'at night',
    StartDate: new Date(clock.now() + 60_000),
    State: 'DISABLED' as const,
    Target: { ...schedule.Target, RetryPolicy: { MaximumRetryAttempts: 3 } },
  };
  const { ScheduleArn } = await client.createSchedule({ ...schedule, ...more });
  expect(ScheduleArn).toMatch(/:schedule\/default\/nightly$/);
  expect(await client.getSchedule({ Name: 'nightly' })).toMatchObject({
    ...schedule,
    ...more,
    Arn: ScheduleArn,
    GroupName: 'default',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'NONE',
  });
});

it('replaces the whole schedule with an update: what that does not name has its default again', async () => {
  await client.createSchedule({ ...schedule, Description: 'at night', State: 'DISABLED' });
  await client.updateSchedule({ ...schedule, ScheduleExpression: 'rate(1 minute)' });
  const { Description, State, CreationDate } = await client.getSchedule({ Name: 'nightly' });
  expect([Description, State, CreationDate]).toEqual([undefined, 'ENABLED', expect.any(Date)]);
  await pass(2);
  expect(ran).toHaveLength(2);
});

it('refuses a start of more than five minutes ago, also in an update, unless it is due once', async () => {
  const past = { StartDate: new Date(clock.now() - 301_000) };
  const refused = {
    name: 'ValidationException',
    message: expect.stringContaining('earlier than 5 minutes ago'),
  };
  await expect(client.createSchedule({ ...schedule, ...past })).rejects.toMatchObject(refused);
  await client.createSchedule({ ...schedule, StartDate: new Date(clock.now() - 299_000) });
  await expect(client.updateSchedule({ ...schedule, ...past })).rejects.toMatchObject(refused);
  const at = new Date(clock.now() + 60_000).toISOString().slice(0, 19);
  await client.updateSchedule({ ...schedule, ...past, ScheduleExpression: `at(${at})` });
});

it('starts nothing while it is disabled, before its start, after its end, or once it is deleted', async () => {
  const inMinutes = (minutes: number) => new Date(clock.now() + minutes * 60_000);
  await client.createSchedule({ ...schedule, Name: 'off', State: 'DISABLED' });
  await client.createSchedule({ ...schedule, Name: 'later', StartDate: inMinutes(600) });
  await client.createSchedule({ ...schedule, Name: 'over', EndDate: inMinutes(1) });
  await client.createSchedule({ ...schedule, Name: 'gone' });
  await client.deleteSchedule({ Name: 'gone' });
  await pass(20);
  expect(ran).toEqual([]);
  const { Schedules } = await client.listSchedules({ State: 'ENABLED' });
  expect(Schedules?.map(({ Name }) => Name)).toEqual(['later', 'over']);
});

it('that was due once is gone then, where it asks for that', async () => {
  const at = new Date(clock.now() + 60_000).toISOString().slice(0, 19);
  const once = { ...schedule, ScheduleExpression: `at(${at})`, ActionAfterCompletion: 'DELETE' as const };
  await client.createSchedule(once);
  await pass(2);
  expect(ran).toHaveLength(1);
  await expect(client.getSchedule({ Name: 'nightly' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

it('remembers what did not start, and why', async () => {
  await client.createSchedule(schedule);
  refuses = 'is not authorized to perform: ecs:RunTask';
  await pass(5);
  expect(scheduler.failed()).toEqual([
    { schedule: expect.stringMatching(/nightly$/), reason: expect.stringContaining('ecs:RunTask') },
  ]);
});

it.each([
  ['that is there already', {}, 'ConflictException'],
  ['of a group that is not there', { Name: 'two', GroupName: 'none' }, 'ResourceNotFoundException'],
  ['that is none', { Name: 'two', ScheduleExpression: 'sometimes' }, 'ValidationException'],
  ['in another time zone', { Name: 'two', ScheduleExpressionTimezone: 'Asia/Tokyo' }, 'ValidationException'],
  [
    'of another service',
    { Name: 'two', Target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:queue', RoleArn } },
    'ValidationException',
  ],
])('refuses a schedule %s', async (_, change, name) => {
  await client.createSchedule(schedule);
  await expect(client.createSchedule({ ...schedule, ...change })).rejects.toMatchObject({ name });
});

it('knows no schedule that is not there', async () => {
  for (const asked of [
    client.getSchedule({ Name: 'none' }),
    client.updateSchedule({ ...schedule, Name: 'none' }),
  ])
    await expect(asked).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
