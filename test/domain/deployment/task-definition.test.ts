import {
  differences,
  familyOf,
  imageIn,
  revised,
  type TaskDefinition,
  trialOf,
} from '../../../src/domain/deployment/task-definition';

const described = {
  ...{ taskDefinitionArn: 'arn:…:task-definition/shop:3', family: 'shop', revision: 3, status: 'ACTIVE' },
  ...{ cpu: '256', memory: '512', volumes: [], taskRoleArn: 'arn:role' },
  containerDefinitions: [
    {
      name: 'shop',
      image: 'shop:v1',
      environment: [
        { name: 'PORT', value: '8080' },
        { name: 'LEVEL', value: 'hunter2' },
      ],
      secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:secret' }],
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      mountPoints: [],
    },
    { name: 'proxy', image: 'proxy:1' },
  ],
  tags: [
    { key: 'team', value: 'shop' },
    { key: 'aws:cloudformation:stack-name', value: 'Shop' },
  ],
};
const [shop, proxy] = described.containerDefinitions as [object, object];
const but = (change: object): TaskDefinition => ({ ...described, ...change });
const shopBut = (change: object) => but({ containerDefinitions: [{ ...shop, ...change }, proxy] });

describe('what two task definitions differ in', () => {
  it.each<[string, TaskDefinition, string[]]>([
    [
      'nothing, the revisions of one family',
      but({ revision: 9, taskDefinitionArn: 'x', registeredAt: 1 }),
      [],
    ],
    ['the image that is released', shopBut({ image: 'shop:v2' }), []],
    [
      'an environment variable',
      shopBut({
        environment: [
          { name: 'PORT', value: '8080' },
          { name: 'LEVEL', value: 'other' },
        ],
      }),
      ['environment variable LEVEL changed in container shop'],
    ],
    [
      'environment variables that are new or gone',
      shopBut({
        environment: [
          { name: 'PORT', value: '8080' },
          { name: 'MODE', value: 'x' },
        ],
      }),
      [
        'environment variable LEVEL removed in container shop',
        'environment variable MODE added in container shop',
      ],
    ],
    [
      'their order',
      shopBut({ environment: [...(shop as { environment: object[] }).environment].reverse() }),
      [],
    ],
    [
      'a secret',
      shopBut({ secrets: [{ name: 'DB_PASSWORD', valueFrom: 'arn:other' }] }),
      ['secret DB_PASSWORD changed in container shop'],
    ],
    [
      'another member of the container',
      shopBut({ portMappings: [{ protocol: 'tcp', containerPort: 9090 }], command: ['serve'] }),
      ['portMappings changed in container shop', 'command added in container shop'],
    ],
    [
      'the image of another container',
      but({ containerDefinitions: [shop, { ...proxy, image: 'proxy:2' }] }),
      ['image changed in container proxy'],
    ],
    [
      'containers',
      but({ containerDefinitions: [shop, { name: 'agent', image: 'a' }] }),
      ['container proxy removed', 'container agent added'],
    ],
    [
      'a member of the task',
      but({ memory: '1024', taskRoleArn: undefined }),
      ['memory changed', 'taskRoleArn removed'],
    ],
    ['what says nothing', but({ volumes: undefined, placementConstraints: [] }), []],
    ['a tag', but({ tags: [{ key: 'team', value: 'tills' }] }), ['tag team changed']],
  ])('%s', (_what, after, expected) => {
    expect(differences(described, after, 'shop')).toEqual(expected);
    expect(expected.join()).not.toMatch(/hunter2|8080|arn:/);
  });
});

describe('a new revision', () => {
  it('is what was described, with another image in one container and without what only ECS says', () => {
    expect(revised(described, 'shop', 'shop:v2')).toEqual({
      ...{ family: 'shop', cpu: '256', memory: '512', volumes: [], taskRoleArn: 'arn:role' },
      containerDefinitions: [{ ...shop, image: 'shop:v2' }, proxy],
      tags: [{ key: 'team', value: 'shop' }],
    });
  });

  it('has the released image in each container that ran the same one, and no other', () => {
    const cron = { name: 'cron', image: 'shop:v1', command: ['cron'] };
    const two = but({ containerDefinitions: [shop, cron, proxy] });
    const released = revised(two, 'shop', 'shop:v2');
    expect(released.containerDefinitions?.map(({ name, image }) => [name, image])).toEqual([
      ['shop', 'shop:v2'],
      ['cron', 'shop:v2'],
      ['proxy', 'proxy:1'],
    ]);
    expect(differences(two, released, 'shop')).toEqual([]);
    const apart = but({ containerDefinitions: [{ ...shop, image: 'shop:v2' }, cron, proxy] });
    expect(differences(released, apart, 'shop')).toEqual(['image changed in container cron']);
  });

  it('names no tags where there are none but those of AWS', () => {
    const { tags } = revised(but({ tags: [{ key: 'AWS:x', value: 'y' }] }), 'shop', 'shop:v2');
    expect(tags).toBeUndefined();
  });
});

it.each([
  ['arn:aws:ecs:eu-west-1:000000000000:task-definition/shop:7', 'shop'],
  ['shop:7', 'shop'],
  ['shop', 'shop'],
])('the family of %s is %s', (taskDefinition, family) => expect(familyOf(taskDefinition)).toBe(family));

it('the image of a container that is not there is none', () => {
  expect([imageIn(described, 'proxy'), imageIn(described, 'other')]).toEqual(['proxy:1', '']);
});

describe('the task definition of a trial', () => {
  const healthCheck = { command: ['CMD', 'is-well'] };
  const options = { 'awslogs-group': '/shop', 'awslogs-stream-prefix': 'web' };
  const shop = { name: 'shop', image: 'shop@sha256:1', environment: [{ name: 'A', value: '1' }] };
  const described = {
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:1:task-definition/shop:7',
    revision: 7,
    family: 'shop',
    cpu: '256',
    containerDefinitions: [shop, { name: 'proxy', image: 'proxy:1' }],
    tags: [{ key: 'team', value: 'a' }],
  };
  const withShop = (more: object) => ({
    ...described,
    containerDefinitions: [{ ...shop, ...more }, described.containerDefinitions[1]!],
  });

  it('is of a family of its own, so that no release is made of it, and runs the same', () => {
    expect(trialOf(described, 'shop', null)).toEqual({
      definition: {
        family: 'shop-trial',
        cpu: '256',
        containerDefinitions: described.containerDefinitions,
        tags: undefined,
      },
      checked: false,
      log: null,
    });
  });

  it('has the health check of the settings where the container has none, and the log that its output goes to', () => {
    const { definition, checked, log } = trialOf(
      withShop({ logConfiguration: { logDriver: 'awslogs', options } }),
      'shop',
      healthCheck,
    );
    expect(definition.containerDefinitions?.[0]).toMatchObject({ ...shop, healthCheck });
    expect(definition.containerDefinitions?.[1]).toEqual({ name: 'proxy', image: 'proxy:1' });
    expect([checked, log]).toEqual([true, { group: '/shop', prefix: 'web' }]);
  });

  it('leaves a container its own check, and one that has none on purpose', () => {
    const own = { command: ['CMD', 'own'] };
    expect(trialOf(withShop({ healthCheck: own }), 'shop', healthCheck).definition).toEqual(
      expect.objectContaining({
        containerDefinitions: [{ ...shop, healthCheck: own }, described.containerDefinitions[1]],
      }),
    );
    expect(trialOf(withShop({ healthCheck: { command: ['NONE'] } }), 'shop', healthCheck).checked).toBe(
      false,
    );
  });
});
