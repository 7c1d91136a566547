import { Stack } from 'aws-cdk-lib';
import type { IConnectable, ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import { WorkerService } from '../held/worker-service';
import type { DeployedService } from './deployed-service';
import type { ServiceProps } from './service-props';

// AWS takes no rule of a security group twice, and what is imported twice is two constructs of one group.

/** The security groups of all of them, each once, and each of the ports by which they are asked. */
function groupsOf(all: readonly IConnectable[], portOf: (one: IConnectable) => Port | undefined) {
  const found = new Map<string, { group: ISecurityGroup; port: Port }>();
  for (const one of all)
    for (const group of one.connections.securityGroups) {
      const port = portOf(one);
      const key = JSON.stringify([Stack.of(group).resolve(group.securityGroupId), String(port)]);
      if (port && !found.has(key)) found.set(key, { group, port });
    }
  return [...found.values()];
}

/** Lets what is in front of tasks, whose security group is made here, ask them. */
export function letAsk(tasks: IConnectable, port: Port, listeners: readonly IConnectable[]): void {
  for (const { group } of groupsOf(listeners, () => port)) tasks.connections.allowFrom(group, port);
}

/**
 * Lets a client whose security group is made here into databases: a rule of a group that is given may be there already. The rule
 * belongs to the client's stack, so that those of the databases need not know of it.
 */
export function letInto(databases: readonly IConnectable[], client: IConnectable): void {
  for (const { group, port } of groupsOf(databases, ({ connections }) => connections.defaultPort))
    for (const peer of client.connections.securityGroups) group.addIngressRule(peer, port, undefined, true);
}

/** Lets the functions that test green ask by listeners, which need not be open to anybody else. */
export function letTest(listeners: readonly IConnectable[], functions: ISecurityGroup): void {
  for (const { group, port } of groupsOf(listeners, ({ connections }) => connections.defaultPort))
    group.addIngressRule(functions, port, undefined, Stack.of(group) !== Stack.of(functions));
}

/** Lets the tasks of a service and of its workers into its database. */
export function letTasksIn(
  service: DeployedService & IConnectable,
  { securityGroups, workers = [] }: Pick<ServiceProps, 'securityGroups' | 'workers'>,
): void {
  const { database } = service.parts;
  if (!securityGroups) letInto([database], service);
  for (const worker of workers)
    if ('service' in worker && worker.service instanceof WorkerService) letInto([database], worker.service);
}
