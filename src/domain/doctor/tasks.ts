import { type Control, heldBy, reachedBeside } from '../deployment/controller';
import { isFirst } from '../deployment/first';
import { isGone, type TaskDefinition } from '../deployment/task-definition';
import type { Slot } from '../settings/choices';
import type { Settings } from '../settings/settings';
import { serviceIn, slotBeside, slotsIn } from '../settings/slots';
import type { SlotBounds } from '../traffic/minimums';
import { keptWithout } from '../traffic/standing';
import { immovable, type WorkerFound } from '../workers/moves';
import { about, type Finding } from './finding';

export interface FleetSeen extends Control {
  taskDefinition: string;
  desired: number;
  running: number;
}
export interface TaskFacts {
  settings: Settings;
  /** The slot with all users; undefined where nobody can tell. */
  live: Slot | undefined;
  /** By slot; one whose service is not active is absent. */
  fleets: Partial<Record<Slot, FleetSeen>>;
  healthy: Partial<Record<Slot, number>>;
  recorded: { taskDefinition?: string; warmUntil?: string; tasks?: number } | undefined;
  /** What the live slot runs, and what a release is made from; undefined where it is not there. */
  running: TaskDefinition | undefined;
  newest: TaskDefinition | undefined;
  family: string;
  bounds: SlotBounds;
  workers: readonly WorkerFound[];
  now: Date;
}

const { stops, risks } = about('tasks');

const containersOf = ({ containerDefinitions = [] }: TaskDefinition) =>
  containerDefinitions.map(({ name }) => name ?? '');

function madeFrom({ settings, newest, family }: TaskFacts): Finding[] {
  const { container } = settings;
  if (!newest || isGone(newest))
    return [
      stops(
        `there is no task definition ${family} to make a release from; register one, or set taskDefinition to the family that there is`,
      ),
    ];
  return containersOf(newest).includes(container)
    ? []
    : [
        stops(
          `task definition ${family} has no container ${container}; set container to one of ${containersOf(newest).join(', ')}`,
        ),
      ];
}

function scaled({ settings, live, bounds, fleets }: TaskFacts): Finding[] {
  const idle = live && slotBeside(settings, live);
  if (!live || !idle) return [];
  const [own, other] = [bounds[live], bounds[idle]];
  if (Boolean(own) !== Boolean(other))
    return [
      risks(
        `only one of ${serviceIn(settings, live)} and ${serviceIn(settings, idle)} has a scalable target, so behind the next release ${own ? 'nothing scales the service' : 'a policy scales it that does not now'}; give both the same policies`,
      ),
    ];
  const desired = fleets[live]?.desired ?? 0;
  return other && desired > other.maximum
    ? [
        risks(
          `${serviceIn(settings, live)} has ${desired} tasks and ${serviceIn(settings, idle)} may be scaled to ${other.maximum} at most, so behind the next release there is no room to grow; raise its maximum`,
        ),
      ]
    : [];
}

/** What is wrong with the tasks of a service and of its workers. */
export function taskFindings(facts: TaskFacts): Finding[] {
  const { settings, live, fleets, healthy, recorded, running, workers, now } = facts;
  const idle = live && slotBeside(settings, live);
  const blue = live && fleets[live];
  const left = idle && fleets[idle];
  const stays = recorded?.warmUntil !== undefined && Date.parse(recorded.warmUntil) > now.getTime();
  return [
    ...slotsIn(settings).flatMap((slot) => {
      const service = serviceIn(settings, slot);
      const fleet = fleets[slot];
      if (!fleet)
        return [stops(`service ${service} is not active in ${settings.cluster}; deploy its stack again`)];
      const held = heldBy(service, fleet) ?? (settings.traffic ? reachedBeside(service, fleet) : undefined);
      return held ? [stops(held)] : [];
    }),
    ...(live && blue
      ? keptWithout({
          ...{ settings, slot: live, blue, healthy: healthy[live] ?? 0, recorded },
          first: isFirst(settings, recorded, left ? [blue, left] : [blue]),
        }).map(stops)
      : []),
    ...madeFrom(facts),
    ...(live && running && isGone(running)
      ? [
          risks(
            `${serviceIn(settings, live)} runs a revision that was deregistered: a rollout in place is refused, and whoever updates the service otherwise than by its count is too; have it run one that is ACTIVE`,
          ),
        ]
      : []),
    ...(idle && left && left.running > 0 && !stays
      ? [
          risks(
            `${serviceIn(settings, idle)} still runs ${left.running} tasks, and no release keeps them warm; a task that is protected, or a policy's minimum, may be why`,
          ),
        ]
      : []),
    ...scaled(facts),
    ...workers.flatMap((found) => immovable(found, settings.cluster) ?? []).map(stops),
  ];
}
