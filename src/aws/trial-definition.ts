import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  type HealthCheck,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { TrialDefinition } from '../domain/deployment/claims';
import { trialOf } from '../domain/deployment/task-definition';
import type { Port } from '../domain/step/port';

export interface TrialWriter {
  /**
   * Registers a task definition for trials of another one's version: of a family of its own, because the newest revision
   * of the version's family is what the next release is made of.
   * @param healthCheck for the container, where it has none
   */
  write(from: string, container: string, healthCheck: HealthCheck | null): Promise<TrialDefinition>;
}

export const trialWriter: Port<TrialWriter> = {
  grants: [
    { sid: 'ReadTaskDefinitions', actions: ['ecs:DescribeTaskDefinition'], on: '*' },
    { sid: 'RegisterTrials', actions: ['ecs:RegisterTaskDefinition'], on: ['trialDefinitions'] },
    {
      sid: 'PassTaskRoles',
      actions: ['iam:PassRole'],
      on: ['taskRoles'],
      when: { operator: 'StringEquals', key: 'iam:PassedToService', text: 'ecs-tasks.amazonaws.com' },
    },
  ],
  open() {
    const ecs = new ECSClient({});
    return {
      async write(from, container, healthCheck) {
        const { taskDefinition: described = {} } = await ecs.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: from }),
        );
        const { definition, checked, log } = trialOf(described, container, healthCheck);
        const { family = '', containerDefinitions = [] } = definition;
        const { taskDefinition } = await ecs.send(
          new RegisterTaskDefinitionCommand({ ...definition, family, containerDefinitions }),
        );
        return { taskDefinition: taskDefinition?.taskDefinitionArn ?? '', checked, log };
      },
    };
  },
};
