import { isDeepStrictEqual } from 'node:util';
import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { type Event, holder } from './custom-resource';

interface Properties {
  /** JSON text, because CloudFormation hands numbers to a custom resource as text: the input of CreateService. */
  Service: string;
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

async function create(wanted: Wanted, clientToken: string): Promise<void> {
  await ecs.send(new CreateServiceCommand({ ...wanted, clientToken }));
  await until(wanted, 'steady', (service) => {
    const { deployments: [primary] = [], events = [] } = service ?? {};
    if ((primary?.failedTasks ?? 0) >= MOST_FAILURES)
      throw new Error(
        `tasks of ${wanted.serviceName} keep failing: ${events.slice(0, 3).map(({ message }) => message)}`,
      );
    return primary?.rolloutState === 'COMPLETED';
  });
}

/** What the template has changed, and never the count and the task definition: they belong to the workflow from the first moment. */
async function update(before: Wanted, after: Wanted): Promise<void> {
  const fixed = FIXED.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (fixed.length > 0)
    throw new Error(
      `${fixed.join(', ')} of slot ${after.serviceName} cannot be changed: it would be another service, without the tasks that serve; make new slots beside these`,
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

/** As CloudFormation deletes a service: with its tasks, and over once they have ended. */
async function remove(wanted: Wanted): Promise<void> {
  const { cluster, serviceName: service } = wanted;
  if ((await describe(wanted))?.status === 'ACTIVE')
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  await until(wanted, 'stopped', (now) => now === undefined || now.status === 'INACTIVE');
}

async function hold(event: Event<Properties>): Promise<string> {
  const { RequestType, RequestId, ResourceProperties, OldResourceProperties } = event;
  const wanted = wantedIn(ResourceProperties);
  if (RequestType === 'Create') await create(wanted, RequestId);
  else if (RequestType === 'Delete') await remove(wanted);
  else await update(wantedIn(OldResourceProperties ?? ResourceProperties), wanted);
  return wanted.serviceName;
}

export const handler = holder('HoldSlot', hold);
