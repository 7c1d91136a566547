import type { ContainerDefinition, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';

/**
 * A container of what a release is a revision of.
 * @param path of the props that have `taskDefinition` and `containerName`
 * @throws Error for an imported task definition, and for a container that there is not
 */
export function containerOf(
  path: string,
  taskDefinition: FargateTaskDefinition,
  name?: string,
): ContainerDefinition {
  if (taskDefinition.family === undefined)
    throw new Error(
      `${path}.taskDefinition: expected one that is made in this app, received one that is imported and has no family; a release is the family's newest revision with another image`,
    );
  const found = name === undefined ? taskDefinition.defaultContainer : taskDefinition.findContainer(name);
  if (found) return found;
  throw new Error(
    name === undefined
      ? `${path}.taskDefinition: expected a task definition with an essential container, received ${taskDefinition.node.path}; add its containers before it is given here`
      : `${path}.containerName: expected a container of ${taskDefinition.node.path}, received ${name}`,
  );
}
