import { shown } from '../../src/domain/text/printable';

/** What is expected, in words, a member by which it is known, and what may stand in its place. */
type Wanted = Record<string, { what: string; has?: string; or?: { prop: string; has: string } }>;

/** What no service can be made without. */
export const OF_EVERY_SERVICE: Wanted = {
  serviceName: { what: 'the name by which requests name it' },
  environment: { what: 'the environment that it is deployed in' },
  cluster: { what: 'an Amazon ECS cluster with its VPC', has: 'vpc' },
  taskDefinition: { what: 'a task definition that is made in this app', has: 'taskDefinitionArn' },
  repository: { what: 'the repository of its images', has: 'repositoryUri' },
  desiredCount: { what: 'how many tasks it begins with' },
  'database.instance': {
    what: 'its database instance, or `cluster` in its place, because every deployment belongs to a database',
    has: 'instanceIdentifier',
    or: { prop: 'database.cluster', has: 'clusterIdentifier' },
  },
  'migrations.manifests': { what: 'the bucket of its manifests', has: 'bucketName' },
};
/** What none behind a load balancer can be made without. */
export const OF_TRAFFIC: Wanted = {
  traffic: { what: 'the listeners of its users and of its tests' },
  'traffic.production.listener': { what: 'the listener of its users', has: 'listenerArn' },
  'traffic.test.listener': { what: 'a listener by which green is asked', has: 'listenerArn' },
};

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);

/**
 * The compiler says it to whoever has one. What is wrong about what is there is for the settings' own checks.
 * @throws Error with every prop that is missing, or is something else
 */
export function mustHave(path: string, props: object, wanted: Wanted): void {
  const problems = Object.entries(wanted).flatMap(([first, { what, or, ...known }]) => {
    const isOther = or !== undefined && at(props, first) === undefined && at(props, or.prop) !== undefined;
    const { prop, has } = isOther ? or : { prop: first, ...known };
    const value = at(props, prop);
    if (value !== undefined && (has === undefined || at(value, has) !== undefined)) return [];
    const received =
      value === undefined ? 'nothing' : typeof value === 'string' ? shown(value) : typeof value;
    return [`${path}.${prop}: expected ${what}, received ${received}`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
