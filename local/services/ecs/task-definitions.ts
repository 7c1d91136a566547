import type {
  ContainerDefinition,
  ECS,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Clock } from '../../clock';
import type { Operations } from '../../service';
import { clientError, invalidParameter, unsupported } from './faults';
import { validateCheck } from './health-check';
import { definitionArn, NAME } from './names';
import { refuseReserved } from './tag-rules';

export interface Definition extends TaskDefinition {
  taskDefinitionArn: string;
  family: string;
  revision: number;
  containerDefinitions: ContainerDefinition[];
  tags: Tag[];
}

/** What a container definition may ask for that a plain process cannot have, and that changes whether it works. */
const REFUSED = [
  'dependsOn',
  'workingDirectory',
  'volumesFrom',
  'environmentFiles',
  'links',
  'firelensConfiguration',
] as const;
const REFUSED_IN_TASK = ['volumes', 'proxyConfiguration', 'placementConstraints'] as const;

const isSet = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== undefined);

function validateContainer(container: ContainerDefinition) {
  if (!container.name || !container.image) {
    throw clientError('Container.name and Container.image should not be null or empty.');
  }
  for (const field of REFUSED) {
    if (isSet(container[field])) throw unsupported(`${field} of container ${container.name}`);
  }
  validateCheck(container);
  if ((container.portMappings?.length ?? 0) > 1) {
    throw unsupported(`more than one port mapping of container ${container.name}`);
  }
  const driver = container.logConfiguration?.logDriver;
  if (driver !== undefined && driver !== 'awslogs') throw unsupported(`log driver ${driver}`);
}

function validate(input: RegisterTaskDefinitionRequest) {
  if (!NAME.test(input.family ?? '')) throw clientError('Family contains invalid characters.');
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) throw clientError('Container list cannot be empty.');
  for (const field of REFUSED_IN_TASK) if (isSet(input[field])) throw unsupported(field);
  containers.forEach(validateContainer);
  if (new Set(containers.map(({ name }) => name)).size < containers.length) {
    throw clientError('Container names within a task definition should be unique.');
  }
  if (containers.every(({ essential }) => essential === false)) {
    throw clientError('At least one container in a task definition must be essential.');
  }
}

/** `family`, `family:revision` or the ARN of a revision. */
function parse(identifier: string): { family: string; revision?: number } {
  const name = identifier.replace(/^arn:[^/]*\//, '');
  const [family = '', revision] = name.split(':');
  return { family, revision: revision === undefined ? undefined : Number(revision) };
}

/** The most of a list that ECS gives at a time. */
const LARGEST_PAGE = 100;

export function createTaskDefinitions(clock: Clock) {
  const families = new Map<string, Definition[]>();

  const all = () => [...families.values()].flat();

  function find(identifier: string | undefined): Definition | undefined {
    const { family, revision } = parse(identifier ?? '');
    const revisions = families.get(family) ?? [];
    if (revision !== undefined) return revisions.find((definition) => definition.revision === revision);
    return revisions.findLast(({ status }) => status === 'ACTIVE');
  }

  return {
    all,
    find,
    families: () => [...families.keys()],

    register(input: RegisterTaskDefinitionRequest): Definition {
      validate(input);
      const { tags = [], ...rest } = input;
      const family = input.family!;
      const revisions = families.get(family) ?? [];
      const revision = (revisions.at(-1)?.revision ?? 0) + 1;
      const definition: Definition = {
        ...structuredClone(rest),
        family,
        containerDefinitions: input.containerDefinitions!.map((container) => ({
          ...structuredClone(container),
          essential: container.essential ?? true,
        })),
        taskDefinitionArn: definitionArn(family, revision),
        revision,
        status: 'ACTIVE',
        networkMode: input.networkMode ?? 'bridge',
        registeredAt: new Date(clock.now()),
        compatibilities: input.requiresCompatibilities ?? ['EC2', 'FARGATE'],
        tags,
      };
      families.set(family, [...revisions, definition]);
      return definition;
    },

    /** Also one that is inactive; ClientException when there is none. */
    require(identifier: string | undefined): Definition {
      const definition = find(identifier);
      if (definition === undefined) throw clientError('Unable to describe task definition.');
      return definition;
    },

    /** Marks a revision as INACTIVE: what runs goes on, and nothing new may run it. */
    deregister(identifier: string | undefined): Definition {
      const definition = this.require(identifier);
      definition.status = 'INACTIVE';
      definition.deregisteredAt = new Date(clock.now());
      return definition;
    },

    /** One that may be run; ClientException when there is none or it is inactive. */
    requireActive(identifier: string | undefined): Definition {
      const definition = find(identifier);
      if (definition === undefined) throw clientError('TaskDefinition not found.');
      if (definition.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
      return definition;
    },
  };
}

export type TaskDefinitions = ReturnType<typeof createTaskDefinitions>;

export function createTaskDefinitionOperations(definitions: TaskDefinitions): Operations<ECS> {
  const shape = ({ tags: _, ...taskDefinition }: Definition): TaskDefinition => taskDefinition;
  return {
    RegisterTaskDefinition: (input) => {
      refuseReserved(input.tags);
      const definition = definitions.register(input);
      return { taskDefinition: shape(definition), tags: definition.tags };
    },

    DeregisterTaskDefinition: ({ taskDefinition }) => {
      if (parse(taskDefinition ?? '').revision === undefined) {
        throw invalidParameter('Revision is missing.');
      }
      return { taskDefinition: shape(definitions.deregister(taskDefinition)) };
    },

    DescribeTaskDefinition: ({ taskDefinition, include = [] }) => {
      const definition = definitions.require(taskDefinition);
      return {
        taskDefinition: shape(definition),
        ...(include.includes('TAGS') ? { tags: definition.tags } : {}),
      };
    },

    ListTaskDefinitions: ({ familyPrefix, status = 'ACTIVE', sort = 'ASC', maxResults, nextToken }) => {
      const taskDefinitionArns = definitions
        .all()
        // the parameter is named prefix, but it is the whole family
        .filter((definition) => familyPrefix === undefined || definition.family === familyPrefix)
        .filter((definition) => definition.status === status)
        .map((definition) => definition.taskDefinitionArn);
      if (sort === 'DESC') taskDefinitionArns.reverse();
      const start = Number(nextToken ?? 0);
      if (!Number.isInteger(start)) throw invalidParameter('Invalid token');
      const end = start + (maxResults ?? LARGEST_PAGE);
      const more = end < taskDefinitionArns.length && { nextToken: String(end) };
      return { taskDefinitionArns: taskDefinitionArns.slice(start, end), ...more };
    },

    ListTaskDefinitionFamilies: ({ familyPrefix = '' }) => ({
      families: definitions.families().filter((family) => family.startsWith(familyPrefix)),
    }),
  };
}
