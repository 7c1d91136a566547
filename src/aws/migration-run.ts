import { guard } from '../domain/database/migration-task';
import type { Revision } from '../domain/deployment/claims';
import type { Deployment } from '../domain/deployment/deployment';
import { applicationName, startedBy } from '../domain/deployment/names';
import type { Started, TaskRunner } from './tasks';

/**
 * Runs a command in the service's migration container, at most once for each kind: ECS refuses a known token with other
 * parameters, so a retry has to ask for the very same.
 */
export const runMigration = (
  taskRunner: TaskRunner,
  { id, settings: { cluster, migrations } }: Deployment,
  kind: 'migrate' | 'contract' | 'revert',
  { taskDefinition }: Revision,
  command: string[],
): Promise<Started> =>
  taskRunner.run({
    cluster,
    taskDefinition,
    container: migrations.container,
    command,
    environment: guard(applicationName(id)),
    subnets: migrations.subnets,
    securityGroups: migrations.securityGroups,
    startedBy: startedBy(kind, id),
  });
