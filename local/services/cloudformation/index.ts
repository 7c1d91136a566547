import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { Operations, Service } from '../../service';
import type { Stack, StackDependencies, Template } from '../../template';
import { createChangeSetOperations } from './change-set-operations';
import { createDescriptions } from './descriptions';
import { createDriftOperations } from './drift-operations';
import { type CloudFormationParts, Registry, sourceOf } from './registry';
import { createStackOperations } from './stack-operations';

export interface CloudFormationService extends Service {
  /** The stacks there are, by name. */
  stacks(): ReadonlyMap<string, Stack>;
  /** Creates a stack and waits for it; what fails is thrown and left where it is. */
  create(
    name: string,
    template: Template,
    parameters: Readonly<Record<string, string>>,
    dependencies: StackDependencies,
  ): Promise<void>;
  /** Updates a stack and waits for it; what fails is put back, and thrown. */
  update(name: string, template: Template): Promise<void>;
}

/** CloudFormation: requests, and what a program of the cloud's own asks, come to the same stacks. */
export function createCloudFormation(parts: CloudFormationParts): CloudFormationService {
  const registry = new Registry(parts);
  const operations: Operations<CloudFormation> = {
    ...createDescriptions(registry, parts),
    ...createChangeSetOperations(registry, parts),
    ...createStackOperations(registry, parts),
    ...createDriftOperations(registry, parts),
  };
  return {
    signingName: 'cloudformation',
    operations,
    stacks: () =>
      new Map(
        registry
          .all()
          .filter(({ isGone }) => !isGone)
          .map(({ name, stack }) => [name, stack]),
      ),
    create: (name, template, parameters, dependencies) =>
      registry.execute(registry.add(name, dependencies), {
        source: sourceOf(template),
        parameters,
        onFailure: 'DO_NOTHING',
      }),
    async update(name, template) {
      const record = registry.find(name);
      await registry.execute(record, { ...record.wish!, source: sourceOf(template), onFailure: 'ROLLBACK' });
    },
  };
}
