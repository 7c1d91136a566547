import { isGone, type TaskDefinition } from '../deployment/task-definition';
import type { Settings } from '../settings/settings';
import { about, type Finding } from './finding';

const { stops, risks } = about('migrations');

/**
 * What is wrong with the task that runs migrations.
 * @param found the newest revision of its family; undefined where there is none
 */
export function migrationFindings(
  { migrations: { taskDefinition, container } }: Settings,
  found: TaskDefinition | undefined,
): Finding[] {
  if (!found || isGone(found))
    return [
      stops(
        `there is no task definition ${taskDefinition} to run migrations with; register one, or set migrations.taskDefinition to the family that there is`,
      ),
    ];
  const { containerDefinitions = [] } = found;
  const own = containerDefinitions.find(({ name }) => name === container);
  if (!own)
    return [
      stops(
        `task definition ${taskDefinition} has no container ${container}; set migrations.container to one of ${containerDefinitions.map(({ name }) => name).join(', ')}`,
      ),
    ];
  return 'logConfiguration' in own
    ? []
    : [
        risks(
          `container ${container} of task definition ${taskDefinition} writes no log, so what a migration prints when it fails is lost; give it a logConfiguration`,
        ),
      ];
}
