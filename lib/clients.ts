import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { DeployedService } from './deployed-service';
import type { ServiceProps } from './service-props';
import { WorkerService } from './worker-service';

/**
 * Lets a client whose security groups are made here into a database: a rule of a group that is given may be there already, and AWS
 * takes none twice. The rule belongs to the client's stack, so that the database's need not know of it.
 */
export function letInto(database: IConnectable, client: IConnectable): void {
  const { securityGroups, defaultPort } = database.connections;
  if (!defaultPort) return;
  for (const group of securityGroups)
    for (const peer of client.connections.securityGroups)
      group.addIngressRule(peer, defaultPort, undefined, true);
}

/** Lets the tasks of a service and of its workers into its database. */
export function letTasksIn(
  service: DeployedService & IConnectable,
  { securityGroups, workers = [] }: Pick<ServiceProps, 'securityGroups' | 'workers'>,
): void {
  const { database } = service.parts;
  if (!securityGroups) letInto(database, service);
  for (const worker of workers)
    if ('service' in worker && worker.service instanceof WorkerService) letInto(database, worker.service);
}
