/** A task definition as ECS describes it, as far as two of them are compared. */
export interface TaskDefinition {
  containerDefinitions?: readonly Container[];
  tags?: readonly Tag[];
  /** `INACTIVE` once it is deregistered. */
  status?: string;
}
interface Container {
  name?: string;
  image?: string;
  environment?: readonly Named[];
  secrets?: readonly Named[];
}
interface Named {
  name?: string;
}
interface Tag {
  key?: string;
  value?: string;
}

/**
 * Whether a revision was deregistered: its tasks run on and can be scaled, but neither a service nor a task can be given it.
 * Source: Amazon ECS API Reference, DeregisterTaskDefinition.
 */
export const isGone = ({ status }: TaskDefinition): boolean => status === 'INACTIVE';

/** Members that ECS answers with but does not take back. Source: RegisterTaskDefinition, request syntax. */
const ANSWER_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

/** AWS sets these itself, CloudFormation among them, and takes none from others. Source: Tagging AWS resources, "Tag naming limits". */
const isReserved = ({ key = '' }: Tag) => key.toLowerCase().startsWith('aws:');

/**
 * What a new revision is registered with: this one, with another image in one container and in all that run the same one as
 * it does, because a task of two versions is none of either, and its tags.
 */
export function revised<Described extends TaskDefinition>(
  described: Described,
  container: string,
  image: string,
): Described {
  const kept = Object.fromEntries(
    Object.entries(described).filter(([member]) => !ANSWER_ONLY.includes(member)),
  ) as Described;
  const tags = described.tags?.filter((tag) => !isReserved(tag));
  return {
    ...kept,
    containerDefinitions: described.containerDefinitions?.map((one) =>
      isReleased(described, container, one) ? { ...one, image } : one,
    ),
    // an empty list is refused
    tags: tags?.length ? tags : undefined,
  };
}

/** What of a task definition matters to a trial. */
interface Triable extends TaskDefinition {
  family?: string;
  containerDefinitions?: readonly Tried[];
}
interface Tried extends Container {
  healthCheck?: { command?: readonly string[] };
  logConfiguration?: { options?: Record<string, string> };
}

/**
 * What a trial of a task definition's version is registered with: the same, without tags, in a family of its own. With it,
 * whether the container has a health check then, and where its output goes.
 * @param healthCheck for the container, where it has none
 */
export function trialOf<Described extends Triable>(
  described: Described,
  container: string,
  healthCheck: Tried['healthCheck'] | null,
) {
  const same = revised(described, container, imageIn(described, container));
  const containerDefinitions = described.containerDefinitions?.map((one) =>
    one.name === container && !one.healthCheck && healthCheck ? { ...one, healthCheck } : one,
  );
  const tried = containerDefinitions?.find(({ name }) => name === container);
  const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = tried?.logConfiguration?.options ?? {};
  return {
    definition: {
      ...same,
      tags: undefined,
      family: trialFamily(described.family ?? ''),
      containerDefinitions,
    } as Described,
    checked: tried?.healthCheck !== undefined && tried.healthCheck.command?.[0] !== 'NONE',
    log: group && prefix ? { group, prefix } : null,
  };
}

/** Of the trials of a family's versions. */
export const trialFamily = (family: string): string => `${family}-trial`;

/** The image that a container runs; empty where there is no such container. */
export const imageIn = ({ containerDefinitions = [] }: TaskDefinition, container: string): string =>
  containerDefinitions.find(({ name }) => name === container)?.image ?? '';

/** Whether a release changes its image. */
const isReleased = (described: TaskDefinition, container: string, { name, image }: Container): boolean =>
  name === container || (image !== undefined && image === imageIn(described, container));

/** The family of a task definition's ARN, or of `family:revision`. */
export const familyOf = (taskDefinition: string): string =>
  taskDefinition.replace(/^.*:task-definition\//, '').split(':')[0] ?? '';

/** Does an ARN or a name say which revision it means? */
export const hasRevision = (taskDefinition: string): boolean => /:\d+$/.test(taskDefinition);

/**
 * What a release changes beside its image, a line each: names alone, because the values of environment variables may be
 * secret. None where the two task definitions differ at most in the image of the container and of those that run the same.
 */
export function differences(before: TaskDefinition, after: TaskDefinition, container: string): string[] {
  const { containerDefinitions: ours = [], tags: had = [], ...rest } = plain(before);
  const { containerDefinitions: theirs = [], tags = [], ...others } = plain(after);
  return [
    ...members(rest, others),
    ...listed(ours, theirs, 'name').flatMap(({ name, was, is }) => {
      if (!was || !is) return [`container ${name} ${is ? 'added' : 'removed'}`];
      const released = isReleased(before, container, was) && isReleased(after, container, is);
      return containerDifferences(was, is, released).map((line) => `${line} in container ${name}`);
    }),
    ...changes(
      'tag ',
      listed(
        had.filter((tag) => !isReserved(tag)),
        tags.filter((tag) => !isReserved(tag)),
        'key',
      ),
    ),
  ];
}

function containerDifferences(was: Container, is: Container, released: boolean): string[] {
  const { environment: had = [], secrets: hid = [], image: old, name: _, ...rest } = was;
  const { environment = [], secrets = [], image, name: __, ...others } = is;
  return [
    ...(!released && old !== image ? ['image changed'] : []),
    ...changes('environment variable ', listed(had, environment, 'name')),
    ...changes('secret ', listed(hid, secrets, 'name')),
    ...members(rest, others),
  ];
}

const plain = (described: TaskDefinition): TaskDefinition =>
  Object.fromEntries(
    Object.entries(described).filter(([member]) => ![...ANSWER_ONLY, 'family'].includes(member)),
  );

interface Pair<Item> {
  name: string;
  was?: Item;
  is?: Item;
}

/** The items of two lists, side by side by their name. */
function listed<Item extends object>(
  before: readonly Item[],
  after: readonly Item[],
  key: keyof Item,
): Pair<Item>[] {
  const byName = (list: readonly Item[]) => new Map(list.map((item) => [String(item[key]), item]));
  const [were, are] = [byName(before), byName(after)];
  return [...new Set([...were.keys(), ...are.keys()])].map((name) => ({
    name,
    was: were.get(name),
    is: are.get(name),
  }));
}

function changes(what: string, pairs: readonly Pair<object>[]): string[] {
  return pairs.flatMap(({ name, was, is }) => {
    if (!was) return [`${what}${name} added`];
    if (!is) return [`${what}${name} removed`];
    return sorted(was) === sorted(is) ? [] : [`${what}${name} changed`];
  });
}

const members = (was: object, is: object) => changes('', listed(entries(was), entries(is), 'name'));

/** Without what says nothing: ECS answers some members as an empty list where others leave them out. */
const entries = (from: object) =>
  Object.entries(from)
    .filter(([, value]) => value !== undefined && sorted(value) !== '[]' && sorted(value) !== '{}')
    .map(([name, value]) => ({ name, value }));

/** JSON that is the same for the same content. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, member) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
