import type {
  CreateScheduleCommandInput,
  Scheduler as SchedulerClient,
  Target,
} from '@aws-sdk/client-scheduler';
import type { Clock } from '../../clock';
import { inApiLetters, type RunTask, taskOf } from '../../ecs-target';
import { arn } from '../../names';
import type { Operations, ResourceMaker, Service } from '../../service';
import { invalid } from './faults';
import { type Failed, Schedules, type Shown } from './schedules';

export interface SchedulerOptions {
  clock: Clock;
  runTask: RunTask;
}

export interface Scheduler extends Service {
  /** Invocations that came to nothing, oldest first, at most 1,000; each is tried once. */
  failed(): readonly Failed[];
}

const MOST = 100;

/** Refuses a target that no local part could receive. */
function checkTarget({ Arn = '', RoleArn, EcsParameters }: Partial<Target> = {}): void {
  if (Arn.split(':')[2] !== 'ecs')
    throw invalid(`the target ${Arn} is not served locally; use the cluster of an Amazon ECS task`);
  if (!RoleArn) throw invalid('A role is required for the target.');
  if (!EcsParameters) throw invalid('EcsParameters are required for a target of Amazon ECS.');
}

/** EventBridge Scheduler: schedules that start Amazon ECS tasks by a role, at a rate, by a cron expression, or once. */
export function createScheduler({ clock, runTask }: SchedulerOptions): Scheduler {
  const schedules = new Schedules(clock, async ({ Name, Target }: Shown) =>
    runTask(Target?.RoleArn ?? '', taskOf(Target ?? {}, `chronos-schedule/${Name}`)),
  );

  const operations: Operations<SchedulerClient> = {
    CreateSchedule: (input) => {
      checkTarget(input.Target);
      return { ScheduleArn: schedules.create(input).Arn };
    },
    UpdateSchedule: (input) => {
      checkTarget(input.Target);
      return { ScheduleArn: schedules.update(input).Arn };
    },
    GetSchedule: (input) => schedules.get(input),
    DeleteSchedule: (input) => {
      schedules.delete(input);
      return {};
    },
    ListSchedules: ({ GroupName, NamePrefix = '', State, MaxResults = MOST, NextToken = '0' }) => {
      const start = Number(NextToken);
      if (!Number.isInteger(start) || start < 0) throw invalid('NextToken is not valid.');
      const found = schedules
        .all()
        .filter((one) => GroupName === undefined || one.GroupName === GroupName)
        .filter((one) => one.Name.startsWith(NamePrefix) && (State === undefined || one.State === State));
      const end = start + Math.min(MaxResults, MOST);
      return {
        Schedules: found
          .slice(start, end)
          .map(({ Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target }) => ({
            ...{ Arn, Name, GroupName, State, CreationDate, LastModificationDate },
            Target: { Arn: Target?.Arn },
          })),
        NextToken: end < found.length ? String(end) : undefined,
      };
    },
  };

  const inputOf = ({ Target, ...properties }: CreateScheduleCommandInput, name: string) => ({
    ...properties,
    Name: properties.Name ?? name,
    Target: inApiLetters(Target ?? {}),
  });
  const made = ({ Name, Arn = '' }: Shown) => ({ ref: Name, attributes: { Arn } });
  const create: ResourceMaker = (properties, { name }) => {
    const input = inputOf(properties, name);
    checkTarget(input.Target);
    return made(schedules.create(input));
  };

  return {
    signingName: 'scheduler',
    operations,
    resources: {
      'AWS::Scheduler::Schedule': create,
      'AWS::Scheduler::ScheduleGroup': ({ Name }, { name }) => {
        schedules.groups.add(Name ?? name);
        return { ref: Name ?? name, attributes: { Arn: arn('scheduler', `schedule-group/${Name ?? name}`) } };
      },
    },
    updates: {
      'AWS::Scheduler::Schedule': (properties, { ref }) => made(schedules.update(inputOf(properties, ref))),
    },
    removals: {
      'AWS::Scheduler::ScheduleGroup': (ref) => void schedules.groups.delete(ref),
      'AWS::Scheduler::Schedule': (Name, { GroupName }) => schedules.delete({ Name, GroupName }),
    },
    failed: () => schedules.failed,
    close: async () => schedules.close(),
  };
}
