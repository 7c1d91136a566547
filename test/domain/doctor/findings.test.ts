import { databaseFindings } from '../../../src/domain/doctor/database';
import { about, byWeight, type Finding } from '../../../src/domain/doctor/finding';
import { keyFindings } from '../../../src/domain/doctor/keys';
import { migrationFindings } from '../../../src/domain/doctor/migrations';
import { releaseFindings } from '../../../src/domain/doctor/release';
import { type TaskFacts, taskFindings } from '../../../src/domain/doctor/tasks';
import { trafficFindings } from '../../../src/domain/doctor/traffic';
import { alarmFindings, functionFindings, hearingFindings } from '../../../src/domain/doctor/workflow';
import { type Settings, settingsSchema } from '../../../src/domain/settings/settings';
import { exampleSettings } from '../../input/parser';

const settings: Settings = settingsSchema.parse({ ...exampleSettings(), evidence: {} });
const now = new Date('2026-11-30T12:00:00.000Z');
/** Each as `weight about: the beginning of what it says`. */
const short = (findings: readonly Finding[]) =>
  findings.map(({ about, weight, says }) => `${weight} ${about}: ${says}`);

it('lists the gravest first, and what was not seen before what is only a risk', () => {
  const [one, other] = [about('a').risks('first'), about('b').stops('second')];
  const unseen: Finding = { about: 'c', weight: 'unseen', says: 'third' };
  expect(byWeight([one, unseen, other]).map(({ says }) => says)).toEqual(['second', 'third', 'first']);
});

it('of IPv6 alone is a target group that no deployment can work with', () => {
  const group = { loadBalancers: [settings.traffic!.loadBalancer], ipv6: true };
  const nothing = { strange: 'nothing' };
  const found = trafficFindings({
    ...{ settings, rule: nothing, test: nothing, recorded: undefined, healthy: {} },
    groups: { a: group, b: { ...group, ipv6: false }, page: { ...group, ipv6: false } },
  });
  expect(short(found).filter((says) => says.includes('IPv6'))).toEqual([
    expect.stringMatching(/^stops traffic: the target group \S+ \(a\) takes IPv6 addresses alone/),
  ]);
});

describe('what a key of your own encrypts', () => {
  const [key, other] = ['1', '2'].map((id) => `arn:aws:kms:eu-west-1:000000000000:key/${id}`) as [
    string,
    string,
  ];
  const given = { secrets: [key], manifests: [key], databases: [key] };
  const none = { secrets: [], manifests: [], databases: [] };
  const nothing = { secret: undefined, readSecret: undefined, manifests: undefined, database: undefined };
  it.each([
    ['by keys that AWS manages', none, { ...nothing, database: other, manifests: 'alias/aws/s3' }],
    [
      'by the key that the app has given, whatever it is called',
      given,
      { secret: key, readSecret: key, manifests: '1', database: key },
    ],
  ])('%s has no findings', (_, keys, seen) => expect(keyFindings({ keys }, seen)).toEqual([]));
  it.each([
    [
      'the secret',
      none,
      { secret: key },
      /^stops keys: the secret of the database is encrypted with .*1, which no function .*give database\.secret with its key/,
    ],
    [
      "the manifests' bucket",
      none,
      { manifests: '1' },
      /^stops keys: the manifests' bucket .*give migrations\.manifests with its key/,
    ],
    [
      'a database with another key than was given',
      given,
      { database: other },
      /^stops keys: the database instance .*2, .*its snapshots cannot be restored/,
    ],
    [
      'what is named by an alias',
      none,
      { secret: 'alias/shop' },
      /^risks keys: .*an alias does not say which key that is/,
    ],
  ])('%s: %#', (_, keys, seen, says) =>
    expect(short(keyFindings({ keys }, { ...nothing, ...seen }))).toEqual([expect.stringMatching(says)]),
  );
});

describe('a database', () => {
  const instance = {
    engine: 'postgres',
    status: 'available',
    backupDays: 7,
    encrypted: true,
    publiclyAccessible: false,
    deletionProtection: true,
    certificateUntil: '2061-05-21T00:00:00.000Z',
  };
  const database = { kind: 'instance', name: 'shop' } as const;
  const secret = (deletedAt?: string) => ({ name: 'shop', seen: { deletedAt } });
  const facts = { database, found: instance, secrets: [secret()], now };
  it('that is as it should be has none', () => expect(databaseFindings(facts)).toEqual([]));
  it.each([
    [
      'of another engine',
      { engine: 'mariadb' },
      /^stops database: .* runs mariadb, and only postgres is known/,
    ],
    ['that is stopped', { status: 'stopped' }, /^stops database: .* is stopped; a deployment waits/],
    [
      'whose certificate is about to end',
      { certificateUntil: '2026-12-20T00:00:00.000Z' },
      /^stops database: the certificate of .* is valid until 2026-12-20.*rotate it/,
    ],
    [
      'that replicates to another region',
      { replicas: ['arn:aws:rds:us-east-1:000000000000:db:shop-replica'] },
      /^risks database: arn:\S+shop-replica replicates from database instance shop, .*make replicas of that one afterwards/,
    ],
    [
      'that is a replica itself',
      { replicaOf: 'shop-main' },
      /^stops database: .* is a read replica of shop-main/,
    ],
    ['without encryption', { encrypted: false }, /^risks database: the storage of .* is not encrypted/],
  ])('%s', (_, changed, says) =>
    expect(short(databaseFindings({ ...facts, found: { ...instance, ...changed } }))).toEqual([
      expect.stringMatching(says),
    ]),
  );
  it('that is a cluster of Aurora is looked at as one', () => {
    const cluster = { ...instance, engine: 'aurora-postgresql', mode: 'provisioned' };
    const ofCluster = { ...facts, database: { kind: 'cluster', name: 'shop' } as const };
    expect(databaseFindings({ ...ofCluster, found: cluster })).toEqual([]);
    expect(short(databaseFindings({ ...ofCluster, found: { ...cluster, globalDatabase: 'world' } }))).toEqual(
      [expect.stringMatching(/^stops database: .* cluster shop belongs to the global database world/)],
    );
    expect(short(databaseFindings({ ...ofCluster, found: undefined }))).toEqual([
      'stops database: there is no database cluster shop; set database.cluster to the one that serves',
    ]);
  });
  it('whose secret goes soon', () =>
    expect(
      short(databaseFindings({ ...facts, secrets: [secret(), secret('2026-12-07T00:00:00.000Z')] })),
    ).toEqual([
      expect.stringMatching(
        /^stops database: the secret .* was deleted and goes on 2026-12-07.*; restore it$/,
      ),
    ]));
  it('while RDS takes a backup of it is at work', () =>
    expect(databaseFindings({ ...facts, found: { ...instance, status: 'backing-up' } })).toEqual([]));
});

describe('what is left of the last deployment', () => {
  const facts = {
    settings,
    stack: 'Shop',
    held: undefined,
    driverRuns: false,
    previous: { image: 'shop:v1', kept: true },
    alarms: [],
  };
  it('is nothing where all is well', () => expect(releaseFindings(facts)).toEqual([]));
  it('is nothing while a deployment is at work', () =>
    expect(releaseFindings({ ...facts, held: { holder: 'r', stuck: false }, driverRuns: true })).toEqual([]));
  it.each([
    [
      'a lock that people have to free',
      { held: { holder: 'r', stuck: true } },
      /^stops release: deployment r was left to people.*npx greenlight lock show shop --workflow Shop/,
    ],
    [
      'an execution that is over without an end',
      { held: { holder: 'r', stuck: false } },
      /^risks release: deployment r has the lock and its execution is over/,
    ],
    [
      'an image that a rollback needs',
      { previous: { image: 'shop:v1', kept: false } },
      /^risks release: shop:v1, the previous version, is no longer in/,
    ],
  ])('is %s', (_, changed, says) =>
    expect(short(releaseFindings({ ...facts, ...changed }))).toEqual([expect.stringMatching(says)]),
  );
});

describe('the tasks of a service', () => {
  const fleet = { taskDefinition: 'shop:3', desired: 2, running: 2, controller: 'ECS' };
  const definition = { status: 'ACTIVE', containerDefinitions: [{ name: settings.container }] };
  const facts: TaskFacts = {
    settings,
    live: 'a',
    fleets: { a: fleet, b: { ...fleet, desired: 0, running: 0 } },
    healthy: { a: 2, b: 0 },
    recorded: { taskDefinition: 'shop:3' },
    running: definition,
    newest: definition,
    family: 'shop',
    bounds: {},
    workers: [],
    now,
  };
  it('that are as they should be have none', () => expect(taskFindings(facts)).toEqual([]));
  it.each<[string, Partial<TaskFacts>, RegExp]>([
    [
      'replaced by CodeDeploy',
      { fleets: { ...facts.fleets, b: { ...fleet, desired: 0, running: 0, controller: 'CODE_DEPLOY' } } },
      /^stops tasks: .* has the deployment controller CODE_DEPLOY/,
    ],
    [
      'of a revision that somebody took instead',
      { recorded: { taskDefinition: 'shop:2' } },
      /^stops tasks: slot a runs shop:3 where shop:2 was recorded/,
    ],
    [
      'of a revision that was deregistered',
      { running: { ...definition, status: 'INACTIVE' } },
      /^risks tasks: .* runs a revision that was deregistered/,
    ],
    [
      'that nobody keeps',
      { fleets: { a: fleet, b: fleet } },
      /^risks tasks: .* still runs 2 tasks, and no release keeps them warm/,
    ],
    [
      'that may not grow behind the next release',
      { bounds: { a: { minimum: 2, maximum: 9 }, b: { minimum: 0, maximum: 1 } } },
      /^risks tasks: .* has 2 tasks and .* may be scaled to 1 at most/,
    ],
  ])('%s', (_, changed, says) =>
    expect(short(taskFindings({ ...facts, ...changed }))).toEqual([expect.stringMatching(says)]),
  );
  it('that are kept warm for a rollback are no finding', () =>
    expect(
      taskFindings({
        ...facts,
        fleets: { a: fleet, b: fleet },
        recorded: { taskDefinition: 'shop:3', warmUntil: '2026-11-30T13:00:00.000Z' },
      }),
    ).toEqual([]));
});

it('a migration whose prints nobody could read is a risk', () =>
  expect(
    short(
      migrationFindings(settings, {
        status: 'ACTIVE',
        containerDefinitions: [{ name: settings.migrations.container }],
      }),
    ),
  ).toEqual([
    expect.stringMatching(/^risks migrations: container \S+ of task definition \S+ writes no log/),
  ]));

describe('the workflow', () => {
  it('that somebody hears has none', () =>
    expect(hearingFindings('arn:topic', { confirmed: 1, asked: 3 })).toEqual([]));
  const alarm = (name: string, actions = ['arn:topic'], enabled = true) => ({ name, actions, enabled });
  const heard = [alarm('failed'), alarm('stuck')];
  it('whose alarms tell somebody has none', () =>
    expect(alarmFindings(['failed', 'stuck'], heard, ['arn:other'])).toEqual([]));
  it.each([
    [
      'of alarms that are gone',
      alarmFindings(['failed', 'late', 'stuck', 'slow'], heard, []),
      'late, slow: it is not there',
    ],
    [
      'of disabled actions',
      alarmFindings(['slow'], [alarm('slow', ['arn:topic'], false)], []),
      'slow: its actions are disabled',
    ],
    ['of no action', alarmFindings(['slow'], [alarm('slow', [])], []), 'slow: it has no action'],
    [
      'of a topic that nobody hears',
      alarmFindings(['slow'], [alarm('slow')], ['arn:topic']),
      'slow: nobody has subscribed',
    ],
  ])('%s', (_, findings, says) =>
    expect(short(findings)).toEqual([
      expect.stringMatching(`^risks people: nobody would hear the alarm ${says}`),
    ]),
  );
  it('whose alarm tells one that is heard and one that is not has none', () =>
    expect(alarmFindings(['slow'], [alarm('slow', ['arn:topic', 'arn:other'])], ['arn:topic'])).toEqual([]));
  const seen = (state: string, lastUpdate = 'Successful', reason = '') =>
    functionFindings([{ arn: 'arn:f', state: { state, reason, lastUpdate } }]);
  it('whose functions can be called has none', () => expect(seen('Active')).toEqual([]));
  it.each([
    [
      'of a function that sleeps',
      seen('Inactive', 'Successful', 'idle'),
      /^risks functions: function arn:f sleeps \(idle\)/,
    ],
    [
      'of one that has failed',
      seen('Failed', 'Successful', 'no key'),
      /^stops functions: .* it has failed \(no key\)/,
    ],
    [
      'of one whose update has failed',
      seen('Active', 'Failed'),
      /^stops functions: .* its last update has failed/,
    ],
    [
      'of one that is gone',
      functionFindings([{ arn: 'arn:f', state: undefined }]),
      /^stops functions: .* is not there/,
    ],
  ])('%s', (_, findings, says) => expect(short(findings)).toEqual([expect.stringMatching(says)]));
});
