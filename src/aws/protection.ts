import { ECSClient, GetTaskProtectionCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { inCluster, type Port } from '../domain/step/port';
import type { Protected } from '../domain/traffic/keepers';

export interface TaskProtection {
  /** The tasks of a service that run and that ECS does not scale in; of the first hundred. */
  of(cluster: string, service: string): Promise<Protected[]>;
}

export const taskProtection: Port<TaskProtection> = {
  grants: [
    { sid: 'ListTasks', actions: ['ecs:ListTasks'], on: '*', when: inCluster },
    { sid: 'ReadProtection', actions: ['ecs:GetTaskProtection'], on: ['tasks'] },
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async of(cluster, serviceName) {
        const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
        if (taskArns.length === 0) return [];
        const { protectedTasks = [] } = await ecs.send(
          new GetTaskProtectionCommand({ cluster, tasks: taskArns }),
        );
        return protectedTasks
          .filter(({ protectionEnabled }) => protectionEnabled)
          .map(({ taskArn = '', expirationDate }) => ({
            task: taskArn,
            until: expirationDate?.toISOString() ?? '',
          }));
      },
    };
  },
};
