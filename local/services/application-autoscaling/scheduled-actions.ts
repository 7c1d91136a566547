import type {
  ApplicationAutoScaling,
  PutScheduledActionRequest,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import type { Operations, ServiceCounts } from '../../service';
import { every, parseRate } from '../events/schedule';
import { invalid, notFound, unsupported } from './faults';
import { page } from './page';
import type { Target, Targets } from './targets';

export interface ScheduledActionsParts {
  clock: Clock;
  counts: ServiceCounts;
  targets: Targets;
}

interface Planned extends ScheduledAction {
  target: Target;
  end: AbortController;
}

/** `at(2026-11-30T12:00:00)` is in UTC. */
function parseAt(schedule: string): number | undefined {
  const [, at] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(schedule) ?? [];
  return at === undefined ? undefined : Date.parse(`${at}Z`);
}

/** Scheduled actions: at a time, or at a rate. */
export function createScheduledActions({ clock, counts, targets }: ScheduledActionsParts) {
  const actions = new Map<string, Planned>();
  const keyOf = (resource: string, name: string) => `${resource}:scheduledActionName/${name}`;

  /**
   * Sets the target's bounds and puts the count inside of them; while ECS has a deployment of its own nothing is scaled in.
   * Source: Application Auto Scaling User Guide, "Scheduled scaling".
   */
  function run({ target, ScalableTargetAction, ScheduledActionName }: Planned) {
    if (target.suspended.ScheduledScalingSuspended || !targets.isRegistered(target)) return;
    target.minimum = ScalableTargetAction?.MinCapacity ?? target.minimum;
    target.maximum = ScalableTargetAction?.MaxCapacity ?? target.maximum;
    const now = counts.of(target.cluster, target.service);
    if (now?.deploying && now.desired > target.maximum) return;
    targets.adjust(target, `scheduled action ${ScheduledActionName} was triggered`);
  }

  async function once(action: Planned, at: number): Promise<void> {
    try {
      await clock.sleep(Math.max(0, at - clock.now()), action.end.signal);
    } catch (error) {
      if (action.end.signal.aborted) return;
      throw error;
    }
    run(action);
  }

  function begin(action: Planned, schedule: string): void {
    const at = parseAt(schedule);
    if (at !== undefined) void once(action, at);
    else void every(clock, parseRate(schedule), action.end.signal, () => run(action));
  }

  /** The milliseconds or the moment of a schedule can be read, or the action is refused. */
  function validate(schedule: string): string {
    if (schedule.startsWith('cron(')) throw unsupported(`the schedule ${schedule}`);
    try {
      if (parseAt(schedule) === undefined) parseRate(schedule);
    } catch {
      throw invalid(`The schedule ${schedule} is not valid.`);
    }
    return schedule;
  }

  function put(input: PutScheduledActionRequest): void {
    const target = targets.require(input);
    const { ScheduledActionName = '', Timezone = 'UTC', StartTime, EndTime, ScalableTargetAction } = input;
    if (Timezone !== 'UTC') throw unsupported(`the time zone ${Timezone}`);
    if (StartTime || EndTime) throw unsupported('a start or an end of a scheduled action');
    const key = keyOf(target.resource, ScheduledActionName);
    const known = actions.get(key);
    const Schedule = validate(input.Schedule ?? known?.Schedule ?? '');
    known?.end.abort();
    const action: Planned = {
      ScheduledActionARN: arn('autoscaling', `scheduledAction:resource/ecs/${key}`),
      CreationTime: new Date(clock.now()),
      ...known,
      ...{ target, end: new AbortController(), ScheduledActionName, Schedule },
      ScalableTargetAction: ScalableTargetAction ?? known?.ScalableTargetAction,
      ServiceNamespace: 'ecs',
      ResourceId: target.resource,
      ScalableDimension: 'ecs:service:DesiredCount',
    };
    actions.set(key, action);
    begin(action, Schedule);
  }

  function end(key: string, action: Planned) {
    action.end.abort();
    actions.delete(key);
  }

  function remove(resource: string, name: string) {
    const key = keyOf(resource, name);
    const action = actions.get(key);
    if (!action) throw notFound(`No scheduled action found for ${key}`);
    end(key, action);
  }

  const describe = ({ target: _, end: __, ...action }: Planned): ScheduledAction => action;

  const operations: Operations<ApplicationAutoScaling> = {
    PutScheduledAction: (input) => {
      put(input);
      return {};
    },
    DescribeScheduledActions: ({ ResourceId, ScheduledActionNames, ...pages }) => {
      const { items, NextToken } = page(
        [...actions.values()].filter(
          (action) =>
            (ResourceId === undefined || action.ResourceId === ResourceId) &&
            (ScheduledActionNames?.includes(action.ScheduledActionName ?? '') ?? true),
        ),
        pages,
      );
      return { ScheduledActions: items.map(describe), NextToken };
    },
    DeleteScheduledAction: (input) => {
      remove(targets.named(input).resource, input.ScheduledActionName ?? '');
      return {};
    },
  };

  return {
    operations,
    put,
    remove,
    /** Ends the scheduled actions of a target; without one, all. */
    forget(resource?: string) {
      for (const [key, action] of actions)
        if (resource === undefined || action.ResourceId === resource) end(key, action);
    },
  };
}
