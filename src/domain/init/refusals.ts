import { unsupported } from '../database/supported';
import { heldBy, reachedBeside } from '../deployment/controller';
import type { Found } from './found';

/** What Greenlight refuses of the service, in the words of a deployment and of docs/limits.md; empty where nothing is. */
export function refusalsOf({ service, control, targets, group, balancer, database }: Found): string[] {
  const groups = [...new Set(targets.map((target) => target.group))];
  return [
    heldBy(service, control),
    reachedBeside(service, control),
    groups.length > 1
      ? `${service} serves in ${groups.length} target groups, and one is adopted: let it serve in ${groups[0]} alone`
      : undefined,
    targets.length === 0
      ? `${service} has no load balancer: it is a pure worker, which is made anew (docs/pure-workers.md); what is written here is for a service with requests`
      : undefined,
    balancer && balancer.type !== 'application'
      ? `the load balancer ${balancer.arn} is a ${balancer.type} load balancer, whose rules have no weights; users have to come by an application load balancer`
      : undefined,
    group && balancer && !rulesTo(balancer, group.arn)
      ? `no listener of ${balancer.arn} forwards to ${group.arn}, so no user reaches it there`
      : undefined,
    database && unsupported(database.database, database.type),
  ].flatMap((says) => says ?? []);
}

const rulesTo = ({ listeners }: NonNullable<Found['balancer']>, group: string): boolean =>
  listeners.some(({ rules }) => rules.some(({ groups }) => groups.includes(group)));
