import { isDeepStrictEqual } from 'node:util';
import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  type LoadBalancer,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { heldBy } from '../../src/domain/deployment/controller';
import { type Event, holder } from './custom-resource';

interface Properties {
  /** JSON text, because CloudFormation hands numbers to a custom resource as text: the input of CreateService. */
  Service: string;
  /** "true": it was there before and is never ended here; absent: it is made. */
  Adopt?: string;
  /** ARNs of the rules with whose users it stays when the stack goes; absent: it goes. */
  StayWith?: string[];
}
type Wanted = CreateServiceCommandInput & { cluster: string; serviceName: string };

/** What UpdateService cannot change. Source: Amazon ECS API Reference, UpdateService. */
const FIXED = ['cluster', 'launchType', 'schedulingStrategy', 'deploymentController', 'role'] as const;
/** So many tasks may end before they were healthy; the circuit breaker of Amazon ECS counts as many at least. */
const MOST_FAILURES = 3;
const LONGEST_PAUSE_MS = 15_000;
/** Before the function's own time-out, so that CloudFormation is told why. */
const WITHIN_MS = 14 * 60_000;

const ecs = new ECSClient({});
const elb = new ElasticLoadBalancingV2Client({});

const wantedIn = ({ Service }: Properties): Wanted => JSON.parse(Service);

async function describe({ cluster, serviceName }: Wanted): Promise<Service | undefined> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [serviceName] }));
  return services?.[0];
}

/** Looks until `done`, which throws for what will never be; ever less often, at a cloud that answers few questions a second. */
async function until(wanted: Wanted, what: string, done: (service?: Service) => boolean): Promise<void> {
  const end = performance.now() + WITHIN_MS;
  for (let pause = 250; !done(await describe(wanted)); pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    if (performance.now() + pause > end)
      throw new Error(`${wanted.serviceName} is not ${what} after 14 minutes`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

const untilSteady = (wanted: Wanted) =>
  until(wanted, 'steady', (service) => {
    const { deployments: [primary] = [], events = [] } = service ?? {};
    if ((primary?.failedTasks ?? 0) >= MOST_FAILURES)
      throw new Error(
        `tasks of ${wanted.serviceName} keep failing: ${events.slice(0, 3).map(({ message }) => message)}`,
      );
    return primary?.rolloutState === 'COMPLETED';
  });

async function create(wanted: Wanted, clientToken: string): Promise<void> {
  await ecs.send(new CreateServiceCommand({ ...wanted, clientToken }));
  await untilSteady(wanted);
}

/** What a slot's tasks are reached by, whatever else the API says of it. */
const places = (balancers: LoadBalancer[] = []) =>
  balancers.map(
    ({ targetGroupArn, containerName, containerPort }) =>
      `${containerName}:${containerPort} in ${targetGroupArn ?? 'no target group'}`,
  );

/** Looks and changes nothing: what serves goes on as it is. */
async function adopt(wanted: Wanted): Promise<void> {
  const { serviceName, cluster, loadBalancers } = wanted;
  const refused = (why: string) => new Error(`${serviceName} cannot become slot a: ${why}`);
  const found = await describe(wanted);
  if (found?.status !== 'ACTIVE')
    throw refused(`there is no such service in ${cluster}; name the one that serves`);
  const held = heldBy(serviceName, {
    controller: found.deploymentController?.type ?? 'ECS',
    strategy: found.deploymentConfiguration?.strategy,
  });
  if (held) throw refused(held);
  const [serves, slot] = [places(found.loadBalancers), places(loadBalancers)];
  if (!isDeepStrictEqual(serves, slot))
    throw refused(`it serves by ${serves.join(', ') || 'no load balancer'}, and slot a does by ${slot}`);
  if (!found.desiredCount) throw refused('it is told to run no task, so nobody is served by it');
  await untilSteady(wanted);
}

/** Do users come to it, by what the rules say now? */
async function isLive({ loadBalancers }: Wanted, RuleArns: string[]): Promise<boolean> {
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ RuleArns }));
  return Rules.flatMap(({ Actions = [] }) => Actions)
    .flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? [])
    .some(
      ({ TargetGroupArn, Weight = 1 }) =>
        Weight > 0 && loadBalancers?.some(({ targetGroupArn }) => targetGroupArn === TargetGroupArn),
    );
}

/**
 * What the template has changed and nobody can. A stack that is rolled back asks for what the service still has.
 * @param id the service's name since it was made
 */
async function fixedIn(id: string, before: Wanted, after: Wanted): Promise<string[]> {
  const named = id === after.serviceName ? [] : ['serviceName'];
  const changed = FIXED.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (changed.length === 0) return named;
  // where it is found is its cluster
  const found = await describe(after).catch(() => undefined);
  const has: Partial<Record<(typeof FIXED)[number], unknown>> = {
    ...found,
    cluster: after.cluster,
    role: found?.roleArn,
  };
  return [...named, ...changed.filter((name) => !found || !isDeepStrictEqual(has[name], after[name]))];
}

/** What the template has changed, and never the count and the task definition: they belong to the workflow from the first moment. */
async function update(id: string, before: Wanted, after: Wanted): Promise<void> {
  const fixed = await fixedIn(id, before, after);
  if (fixed.length > 0)
    throw new Error(
      `${fixed.join(', ')} of slot ${id} cannot be changed: it would be another service, without the tasks that serve; make new slots beside these`,
    );
  const { desiredCount, taskDefinition, tags, clientToken, serviceName, ...rest } = after;
  const changed = Object.fromEntries(
    Object.entries(rest).filter(
      ([name, value]) => !isDeepStrictEqual(value, before[name as keyof typeof rest]),
    ),
  );
  if (Object.keys(changed).length > 0)
    await ecs.send(new UpdateServiceCommand({ ...changed, cluster: after.cluster, service: serviceName }));
  if (!isDeepStrictEqual(before.tags, tags)) await tag(before, after);
}

async function tag(before: Wanted, after: Wanted): Promise<void> {
  const resourceArn = (await describe(after))?.serviceArn;
  const kept = (after.tags ?? []).map(({ key }) => key);
  const tagKeys = (before.tags ?? []).flatMap(({ key }) => (key && !kept.includes(key) ? [key] : []));
  if (tagKeys.length > 0) await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  if (after.tags?.length) await ecs.send(new TagResourceCommand({ resourceArn, tags: after.tags }));
}

/** As CloudFormation deletes a service, unless it is not ours or users are on it: with its tasks, and over once they have ended. */
async function remove(wanted: Wanted, { Adopt, StayWith }: Properties): Promise<void> {
  if (Adopt || (StayWith && (await isLive(wanted, StayWith)))) return;
  const { cluster, serviceName: service } = wanted;
  if ((await describe(wanted))?.status === 'ACTIVE')
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  await until(wanted, 'stopped', (now) => now === undefined || now.status === 'INACTIVE');
}

async function hold(event: Event<Properties>): Promise<string> {
  const { RequestType, RequestId, ResourceProperties, OldResourceProperties } = event;
  const wanted = wantedIn(ResourceProperties);
  if (RequestType === 'Create') await (ResourceProperties.Adopt ? adopt(wanted) : create(wanted, RequestId));
  else if (RequestType === 'Delete') await remove(wanted, ResourceProperties);
  else {
    const { PhysicalResourceId: id = wanted.serviceName } = event;
    await update(id, wantedIn(OldResourceProperties ?? ResourceProperties), wanted);
    return id;
  }
  return wanted.serviceName;
}

export const handler = holder('HoldSlot', hold);
