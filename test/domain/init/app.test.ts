import { appOf } from '../../../src/domain/init/app';
import { filesOf } from '../../../src/domain/init/files';
import type { Found, FoundListener } from '../../../src/domain/init/found';
import { refusalsOf } from '../../../src/domain/init/refusals';

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/1';
const RULE = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/main/1/2/3';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf';

const listener = (port: number, protocol: string, own: Partial<FoundListener> = {}): FoundListener => ({
  arn: `arn:listener/${port}`,
  port,
  protocol,
  certificates: protocol === 'HTTPS' ? ['arn:aws:acm:eu-west-1:123456789012:certificate/1'] : [],
  rules: [
    { arn: `${RULE}${port}`, isDefault: false, hosts: ['shop.example.org'], groups: [GROUP] },
    { arn: `default/${port}`, isDefault: true, hosts: [], groups: [] },
  ],
  ...own,
});

const shop: Found = {
  account: '123456789012',
  region: 'eu-west-1',
  cluster: 'main',
  service: 'shop',
  control: { controller: 'ECS' },
  desired: 3,
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-tasks'],
  publicIp: false,
  task: {
    family: 'shop',
    cpu: '512',
    memory: '1024',
    containers: [
      {
        name: 'proxy',
        image: 'envoyproxy/envoy:v1',
        essential: true,
        ports: [],
        environment: {},
        secrets: {},
        others: ['ulimits'],
      },
      {
        name: 'shop',
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/shop:v7',
        essential: true,
        ports: [8080],
        environment: { PORT: '8080', API_TOKEN: 'hunter2' },
        secrets: { DB_HOST: `${SECRET}:host::`, FLAGS: '/shop/flags' },
        others: [],
      },
    ],
    others: ['volumes'],
  },
  targets: [{ container: 'shop', port: 8080, group: GROUP }],
  group: { arn: GROUP, vpc: 'vpc-1', protocol: 'HTTP', path: '/health', codes: '200', interval: 10 },
  balancer: {
    arn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/main/1',
    type: 'application',
    securityGroups: ['sg-balancer'],
    zones: { 'subnet-1': 'eu-west-1a' },
    listeners: [listener(80, 'HTTP'), listener(443, 'HTTPS')],
  },
  database: {
    database: { kind: 'instance', name: 'shop' },
    type: { engine: 'postgres' },
    host: 'shop.abc.eu-west-1.rds.amazonaws.com',
    port: 5432,
    securityGroups: ['sg-database'],
    zones: { 'subnet-2': 'eu-west-1b' },
    secret: SECRET,
  },
  scales: true,
};
const wanted = { environment: 'production', tool: 'flyway', up: ['flyway', 'migrate'], down: [] };

it('writes what was read of a service, each thing once', () => {
  const { text, gaps } = appOf(shop, wanted);
  for (const piece of [
    'serviceName: "shop"',
    'desiredCount: 3',
    'availabilityZones: ["eu-west-1a", "eu-west-1b"]',
    `adopt: "${RULE}443"`,
    'host: "shop.example.org"',
    'port: 8443,',
    'instanceIdentifier: "shop"',
    'tool: "flyway"',
    'ecr.Repository.fromRepositoryName(this, "Repository", "team/shop")',
    'ecs.Secret.fromSecretsManager(secret, "host")',
    'revertCommand: []',
  ])
    expect(text).toContain(piece);
  expect(text.match(new RegExp(SECRET, 'g'))).toHaveLength(1);
  // who comes without TLS moves with the others
  expect(text).toContain(`adopt: "${RULE}80"`);
  // the released container is the first, which the CDK takes for the default one
  expect(text.indexOf('addContainer("shop"')).toBeLessThan(text.indexOf('addContainer("proxy"'));
  expect(gaps.map(({ where }) => where)).toEqual(['container shop, variable API_TOKEN']);
});

it('writes no value of what is a secret by its name', () =>
  expect(appOf(shop, wanted).text).not.toContain('hunter2'));

it('names what is not written', () => {
  const { remarks } = appOf(shop, wanted);
  expect(remarks).toEqual([
    'the task definition shop has volumes, which is not written: add it, or its next revision is without',
    'the container proxy has ulimits, which is not written: add it, or its next revision is without',
    expect.stringContaining('scalable target'),
    expect.stringContaining('nobody else may declare shop'),
  ]);
});

it.each<[string, Partial<Found>, string[]]>([
  ['nothing is known of its database', { database: undefined }, ['database', 'database.secret']],
  [
    'no secret leads to its database',
    { database: { ...shop.database!, secret: undefined } },
    ['database.secret'],
  ],
  [
    'its tasks are in public subnets',
    { publicIp: true },
    ['private subnet beside subnet-1', 'private subnet beside subnet-2'],
  ],
  [
    'no listener forwards to it',
    { balancer: { ...shop.balancer!, listeners: [] } },
    ['traffic', 'traffic.test'],
  ],
])('leaves open what cannot be read where %s', (_, own, where) => {
  const { gaps, text } = appOf({ ...shop, ...own }, wanted);
  expect(gaps.map((gap) => gap.where)).toEqual(expect.arrayContaining(where));
  expect(text.match(/"<[^"]+>"/g)).toHaveLength(gaps.length);
});

it('makes a rule in front where the listener serves by its default action', () => {
  const [own] = shop.balancer!.listeners;
  const rules = [{ arn: 'default', isDefault: true, hosts: [], groups: [GROUP] }];
  const balancer = { ...shop.balancer!, listeners: [{ ...own!, rules }] };
  const { text } = appOf({ ...shop, balancer }, wanted);
  expect(text).toContain('production: { listener: users }');
});

it.each<[string, Partial<Found>, RegExp]>([
  ['CodeDeploy', { control: { controller: 'CODE_DEPLOY' } }, /has the deployment controller CODE_DEPLOY/],
  [
    'EC2',
    { control: { controller: 'ECS', launchType: 'EC2' } },
    /runs on EC2, and only AWS Fargate is known/,
  ],
  [
    'Service Connect',
    { control: { controller: 'ECS', offers: true } },
    /is reached by Service Connect as well/,
  ],
  ['no load balancer', { targets: [], group: undefined, balancer: undefined }, /it is a pure worker/],
  [
    'two target groups',
    { targets: [...shop.targets, { container: 'shop', port: 8080, group: 'other' }] },
    /serves in 2 target groups/,
  ],
  [
    'a network load balancer',
    { balancer: { ...shop.balancer!, type: 'network' } },
    /whose rules have no weights/,
  ],
  [
    'another engine',
    { database: { ...shop.database!, type: { engine: 'mysql' } } },
    /runs mysql, and only postgres is known/,
  ],
])('says that Greenlight refuses %s', (_, own, says) =>
  expect(refusalsOf({ ...shop, ...own })).toEqual([expect.stringMatching(says)]),
);

it('refuses nothing of a service that is as it has to be', () => expect(refusalsOf(shop)).toEqual([]));

it('gives an app all that its folder needs', () => {
  const files = filesOf('x', 'staging', { greenlight: '1', cdk: '2', lib: '3', constructs: '4' });
  expect(files.map(({ path }) => path)).toEqual([
    'package.json',
    'cdk.json',
    'tsconfig.json',
    'greenlight.json',
    'app.ts',
  ]);
  expect(JSON.parse(files[0]!.text).dependencies.greenlight).toBe('file:greenlight-1.tgz');
  expect(JSON.parse(files[3]!.text)).toEqual({ environments: { staging: {} } });
});
