import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { crashesSince, type Fleet } from '../domain/evidence/fleet';
import type { Slot } from '../domain/settings/choices';
import type { Settings } from '../domain/settings/settings';
import { serviceIn } from '../domain/settings/slots';
import type { Port } from '../domain/step/port';
import { stopsOf } from './fleet';
import { readTaskHealth, taskHealth, workingTasksOf } from './task-health';

/** The tasks of a pure worker, where those of another service tell by the requests that they get. */
export interface TasksInPlace {
  /** How many tasks of the service run another version, those that are stopping included; 0 of a service with users. */
  ofOthers(settings: Settings, slot: Slot, taskDefinition: string): Promise<number>;
  /** How the tasks are, and which of them have crashed since an instant. */
  since(settings: Settings, slot: Slot, since: Date): Promise<Fleet>;
}

export const tasksInPlace: Port<TasksInPlace> = {
  grants: [
    ...readTaskHealth,
    { sid: 'ReadServices', actions: ['ecs:DescribeServices'], on: ['services'], where: 'pureWorkers' },
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async ofOthers(settings, slot, taskDefinition) {
        if (settings.traffic) return 0;
        const of = { serviceName: serviceIn(settings, slot) };
        const tasks = await workingTasksOf(ecs, settings.cluster, of);
        return tasks.filter(({ taskDefinitionArn }) => taskDefinitionArn !== taskDefinition).length;
      },
      async since(settings, slot, since) {
        const { cluster } = settings;
        const service = serviceIn(settings, slot);
        const [health, stops, { services }] = await Promise.all([
          taskHealth(ecs, cluster, service),
          stopsOf(ecs, cluster, service),
          ecs.send(new DescribeServicesCommand({ cluster, services: [service] })),
        ]);
        return {
          ...health,
          served: false,
          desired: services?.[0]?.desiredCount ?? 0,
          crashes: crashesSince(stops, since.getTime()),
        };
      },
    };
  },
};
