import type {
  ApplicationAutoScaling,
  PutScheduledActionRequest,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import { follow, parseSchedule } from '../../schedule';
import type { Operations, ServiceCounts } from '../../service';
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

/** Scheduled actions: at a time, at a rate, or by a cron expression. */
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

  const begin = (action: Planned, schedule: string) =>
    void follow(clock, parseSchedule(schedule, { at: true }), action.end.signal, () => run(action));

  function validate(schedule: string): string {
    try {
      parseSchedule(schedule, { at: true });
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
