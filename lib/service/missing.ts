import { Construct } from 'constructs';
import { shown } from '../../src/domain/text/printable';

/** What is expected, in words, and a member by which it is known. */
type Known = { what: string; has?: string };
/** What is expected, and what may stand in its place. */
type Wanted = Record<string, Known & { or?: Known & { prop: string } }>;

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
    or: { prop: 'database.cluster', what: 'a DB cluster of Amazon Aurora', has: 'clusterIdentifier' },
  },
  'migrations.manifests': { what: 'the bucket of its manifests', has: 'bucketName' },
};
/** What none behind a load balancer can be made without. */
export const OF_TRAFFIC: Wanted = {
  traffic: { what: 'the listeners of its users and of its tests' },
  'traffic.production.listener': {
    what: 'the listener of its users, of an application load balancer',
    has: 'connections',
  },
  'traffic.test.listener': { what: 'a listener of it by which green is asked', has: 'connections' },
};

/** What nothing can be adopted without. */
export const OF_ADOPTION: Wanted = {
  'adopt.serviceName': { what: 'the name of the Amazon ECS service that serves' },
  'adopt.targetGroup': { what: 'the target group in which it serves', has: 'targetGroupArn' },
};

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);

/** As a message may say what a prop is. */
export function shownProp(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Construct.isConstruct(value)) return value.node.path;
  return typeof value === 'string' ? shown(value) : typeof value;
}

/**
 * The compiler says it to whoever has one. What is wrong about what is there is for the settings' own checks.
 * @throws Error with every prop that is missing, or is something else
 */
export function mustHave(path: string, props: object, wanted: Wanted): void {
  const problems = Object.entries(wanted).flatMap(([first, { or, ...known }]) => {
    const isOther = or !== undefined && at(props, first) === undefined && at(props, or.prop) !== undefined;
    const { prop, what, has } = isOther ? or : { prop: first, ...known };
    const value = at(props, prop);
    if (value !== undefined && (has === undefined || at(value, has) !== undefined)) return [];
    return [`${path}.${prop}: expected ${what}, received ${shownProp(value)}`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
