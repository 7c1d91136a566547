import { decideMigrations } from '../../../src/domain/migrations/decide';
import type { Finding, Migration } from '../../../src/domain/migrations/types';
import { strategies } from '../../../src/domain/settings/choices';

const migration = (id: string): Migration => ({
  id,
  file: `db/${id}.sql`,
  up: 'select 1',
  down: null,
  checksum: id,
  transactional: true,
  firstLine: 1,
});
const finding = (difference: Partial<Finding>): Finding => ({
  migration: '1',
  file: 'db/1.sql',
  line: 3,
  column: 1,
  statement: 'alter table orders drop column note',
  class: 'expand',
  locks: [],
  blocksReads: false,
  blocksWrites: false,
  rewrite: false,
  scan: false,
  breaksLiveVersion: 'no',
  reversible: true,
  stops: false,
  harmsEveryVersion: false,
  refused: false,
  rule: 'r',
  message: 'adds a column',
  remedy: '',
  ...difference,
});
const decide = (
  findings: Finding[],
  pending = [migration('1')],
  problems: never[] = [],
  opaque: 'allow' | 'refuse' = 'refuse',
  accept: string[] = [],
  missingHistory?: string,
) =>
  decideMigrations({
    missingHistory,
    pending: { pending, problems },
    findings,
    opaque,
    maintenance: false,
    worker: false,
    canContract: true,
    accept,
    stagedPlanOf: ({ rule }) => `instead of ${rule}`,
  });

it('runs what the live version does not notice, in any strategy', () =>
  expect(decide([finding({}), finding({ class: 'none' })])).toEqual({
    decision: 'run',
    pending: ['1'],
    contract: [],
    classes: { expand: 1, none: 1 },
    remarks: [],
    strategies: [...strategies],
    cause: '',
  }));

it('has nothing to do when nothing is pending', () =>
  expect(decide([], [])).toMatchObject({ decision: 'none', pending: [] }));

it('refuses what stops, in no strategy, with the remedy and the releases that do it', () => {
  const plan = decide([
    finding({}),
    finding({
      class: 'contract',
      stops: true,
      message: 'Dropping note breaks it.',
      remedy: 'Stop using it.',
    }),
  ]);
  expect(plan).toMatchObject({
    decision: 'refuse',
    strategies: [],
    remarks: ['db/1.sql:3 contract: Dropping note breaks it.'],
  });
  expect(plan.cause.split('\n')).toEqual([
    '1 of 2 statements cannot run while the live version serves.',
    'db/1.sql:3 contract: Dropping note breaks it.',
    '  Stop using it.',
    'instead of r',
    expect.stringMatching(/^What this release no longer uses goes into its contract part/),
    'If the live version does not use what they change, ask again with "accept": ["1"].',
  ]);
});

it('refuses what nobody can look into, unless the service allows it; it is remarked on in both cases', () => {
  const hidden = [finding({ class: 'opaque', message: 'made by code' })];
  expect(decide(hidden)).toMatchObject({ decision: 'refuse' });
  expect(decide(hidden, undefined, [], 'allow')).toMatchObject({
    decision: 'run',
    remarks: ['db/1.sql:3 opaque: made by code'],
  });
});

it('refuses a history that does not fit before it looks at statements, with the remedy of the tool', () => {
  const problem = {
    kind: 'missing',
    id: '0',
    message: 'migration 0 is not in this release',
    remedy: 'bring it back',
  } as never;
  expect(decide([finding({ class: 'contract', stops: true })], [migration('1')], [problem]).cause).toBe(
    'the migration history does not fit this release: migration 0 is not in this release; bring it back',
  );
});

it('puts the worst first and keeps the remarks few: they travel through the execution', () => {
  const many = Array.from({ length: 30 }, (_, line) => finding({ line, class: 'expand-slow' }));
  const { remarks } = decide([...many, finding({ class: 'irreversible', message: 'loses rows' })]);
  expect(remarks).toHaveLength(10);
  expect(remarks[0]).toBe('db/1.sql:3 irreversible: loses rows');
});

it('lets a migration through that somebody accepts, and still remarks on it', () => {
  const drop = [finding({ class: 'contract', stops: true, message: 'drops note' })];
  expect(decide(drop, undefined, [], 'refuse', ['1'])).toMatchObject({
    decision: 'run',
    remarks: ['db/1.sql:3 contract: drops note'],
  });
});

it('refuses to accept a migration that is not pending: a slip of the pen must not pass', () => {
  expect(decide([finding({})], undefined, [], 'refuse', ['2'])).toMatchObject({
    decision: 'refuse',
    cause: 'request.accept names 2, and pending are 1',
  });
});

it('says of a pure worker that it has no maintenance window, with the releases that do it instead', () => {
  const drop = finding({ class: 'contract', stops: true, message: 'Dropping note breaks it.' });
  const plan = decideMigrations({
    ...{ pending: { pending: [migration('1')], problems: [] }, findings: [drop], opaque: 'refuse' },
    ...{
      maintenance: false,
      worker: true,
      canContract: true,
      accept: [],
      stagedPlanOf: () => 'instead of r',
    },
  });
  expect(plan).toMatchObject({ decision: 'refuse', strategies: [] });
  expect(plan.cause.split('\n')).toEqual(
    expect.arrayContaining([
      'db/1.sql:3 contract: Dropping note breaks it.',
      'instead of r',
      expect.stringMatching(/^Without a load balancer there is no maintenance window to run them in: /),
    ]),
  );
});

describe('of a contract migration', () => {
  const contract = (findings: Finding[], canContract = true, worker = false) =>
    decideMigrations({
      pending: {
        pending: [migration('1'), { ...migration('2'), phase: 'contract' as const }],
        problems: [],
      },
      findings,
      opaque: 'refuse',
      maintenance: false,
      worker,
      canContract,
      accept: [],
      stagedPlanOf: () => '',
    });
  const drop = finding({ migration: '2', class: 'contract', stops: true, message: 'drops note' });

  it('breaks nobody: the version that would notice is gone by then', () =>
    expect(contract([drop])).toMatchObject({
      decision: 'run',
      pending: ['1'],
      contract: ['2'],
      remarks: ['db/1.sql:3 contract: drops note'],
    }));

  it('is refused in a rolling update, which leaves no retired version behind', () =>
    expect(contract([drop]).strategies).toEqual(strategies.filter((strategy) => strategy !== 'ROLLING')));

  it('is allowed in a rolling update of a pure worker, whose tasks and sessions tell all', () =>
    expect(contract([drop], true, true).strategies).toEqual(strategies));

  it.each<[string, Partial<Finding>]>([
    ['PostgreSQL refuses', { harmsEveryVersion: true }],
    ['makes the new version wait for long', { class: 'expand-slow', harmsEveryVersion: true }],
    ['nobody can look into', { class: 'opaque' }],
  ])('still stops when it is what %s', (_, difference) =>
    expect(contract([finding({ migration: '2', stops: true, ...difference })])).toMatchObject({
      decision: 'refuse',
    }),
  );

  it('is refused where the service has no command for it', () =>
    expect(contract([drop], false)).toMatchObject({
      decision: 'refuse',
      cause:
        'contract migrations 2 are pending, and the service has no command that runs them; set migrations.contractCommand in its settings',
    }));

  it('says nothing about the migrations of the same release that run before it', () =>
    expect(contract([finding({ class: 'contract', stops: true })])).toMatchObject({ decision: 'refuse' }));
});

it('says that the history may have another table where there is none of its name, also of what it refuses', () => {
  const said =
    /^there is no table schema_migrations, .* name it in the settings as migrations\.historyTable$/m;
  const { remarks, decision } = decide(
    [finding({})],
    undefined,
    undefined,
    undefined,
    undefined,
    'schema_migrations',
  );
  expect([decision, remarks]).toEqual(['run', [expect.stringMatching(said)]]);
  const refused = decide(
    [finding({ stops: true })],
    undefined,
    undefined,
    undefined,
    undefined,
    'schema_migrations',
  );
  expect(refused).toMatchObject({ decision: 'refuse', cause: expect.stringMatching(said) });
});
