import { analyse } from '../../../src/domain/migrations/analyse';
import { emptyCatalog, type Table } from '../../../src/domain/migrations/catalog';
import {
  afterRevert,
  type CheckName,
  checks,
  checksOf,
  failures,
  type Observation,
  validate,
} from '../../../src/domain/validation';
import { touchedTables } from '../../../src/domain/validation/touched';

const found = (
  check: CheckName,
  before: unknown,
  after: unknown,
  pending: string[] = [],
): [status: string, detail: string] => {
  const [finding] = validate([check], { [check]: before } as Observation, { [check]: after } as Observation, {
    pending,
  });
  return [finding!.status, finding!.detail];
};

it('holds in each level what the level before it holds, and more', () => {
  expect(checksOf('basic')).toEqual(['connection', 'history']);
  expect(checksOf('standard')).toEqual([
    'connection',
    'history',
    'schema',
    'constraints',
    'indexes',
    'sequences',
    'permissions',
  ]);
  expect(checksOf('comprehensive')).toEqual(Object.keys(checks));
  expect(afterRevert('standard')).toEqual(['indexes', 'sequences', 'permissions']);
});

const server = { version: '18.1', tls: true, standby: false };
const told = { applied: ['1', '2'], unfinished: [], locked: null };
const position = { name: 's of t.id', behind: 0, usedPercent: 3, exhausted: false };
const follows = {
  standbys: ['replica'],
  lagSeconds: 1,
  slots: [{ name: 'slot', active: true, lost: false, keptBytes: 5 }],
};
const slot = (more: object) => ({ ...follows, slots: [{ ...follows.slots[0], ...more }] });
const keys = { names: ['k'], orphans: {}, notValid: [] };

it.each<[check: CheckName, before: unknown, after: unknown, status: string, detail: string | RegExp]>([
  ['connection', server, server, 'ok', 'PostgreSQL 18.1, encrypted'],
  [
    'connection',
    server,
    { ...server, tls: false },
    'failed',
    'the connection is not encrypted; set rds.force_ssl',
  ],
  [
    'connection',
    server,
    { ...server, standby: true },
    'failed',
    'the server is a standby, so nothing can be written',
  ],
  [
    'connection',
    server,
    { ...server, version: '18.2' },
    'warning',
    'the server was PostgreSQL 18.1 before and is 18.2 now',
  ],

  [
    'history',
    told,
    { ...told, applied: ['1', '2', '3'] },
    'ok',
    '3 migrations applied, 1 of them since before',
  ],
  ['history', told, told, 'failed', 'migrations 3 were to be applied and are not in the history table'],
  ['history', told, { ...told, applied: ['1', '3'] }, 'failed', 'migrations 2 have left the history table'],
  [
    'history',
    told,
    { ...told, applied: ['3'], upTo: ['3'] },
    'ok',
    '1 migrations applied, 1 of them since before',
  ],
  [
    'history',
    told,
    { ...told, applied: ['1'], upTo: ['1'] },
    'failed',
    /migrations 3 were to be applied.*migrations 2 have left/,
  ],
  [
    'history',
    told,
    { ...told, applied: ['1', '2', '3'], unfinished: ['3'] },
    'failed',
    'migrations 3 were begun and did not end well',
  ],
  [
    'history',
    told,
    { ...told, applied: ['1', '2', '3'], locked: 'backend 7' },
    'failed',
    "the tool's lock is still held by backend 7",
  ],

  [
    'schema',
    { fingerprint: 'f', applied: ['1'] },
    { fingerprint: 'f', applied: ['1'] },
    'ok',
    'the same as before',
  ],
  [
    'schema',
    { fingerprint: 'f', applied: ['1'] },
    { fingerprint: 'g', applied: ['1', '2'] },
    'ok',
    'changed by the migrations',
  ],
  [
    'schema',
    { fingerprint: 'f', applied: ['1'] },
    { fingerprint: 'g', applied: ['1'] },
    'failed',
    'the schema changed although the history table records no migration',
  ],

  ['constraints', { notValid: [] }, { notValid: [] }, 'ok', 'every constraint is validated'],
  [
    'constraints',
    { notValid: ['old'] },
    { notValid: ['old', 'new'] },
    'warning',
    'new not yet validated; ALTER TABLE … VALIDATE CONSTRAINT …; old not validated since before',
  ],

  ['indexes', { invalid: ['i'] }, { invalid: [] }, 'ok', 'every index is valid'],
  ['indexes', { invalid: ['i'] }, { invalid: ['i'] }, 'warning', 'indexes i are invalid since before'],
  [
    'indexes',
    { invalid: [] },
    { invalid: ['i'] },
    'failed',
    'indexes i are invalid; DROP INDEX CONCURRENTLY, then build again',
  ],

  ['sequences', [position], [position], 'ok', '1 sequences ahead of their columns'],
  [
    'sequences',
    [position],
    [{ ...position, behind: 5 }],
    'failed',
    /^behind the rows of their columns: s of t\.id by 5; setval/,
  ],
  ['sequences', [], [{ ...position, behind: 5 }], 'failed', /by 5/],
  [
    'sequences',
    [{ ...position, behind: 7 }],
    [{ ...position, behind: 5 }],
    'warning',
    'behind since before: s of t.id',
  ],
  ['sequences', [position], [{ ...position, exhausted: true }], 'failed', 'no number left: s of t.id'],
  [
    'sequences',
    [{ ...position, exhausted: true }],
    [{ ...position, exhausted: true }],
    'warning',
    'no number left since before: s of t.id',
  ],
  [
    'sequences',
    [position],
    [{ ...position, usedPercent: 80 }],
    'warning',
    'nearly used up: s of t.id (80 %); change sequence and column to bigint',
  ],
  ['sequences', [position], [{ ...position, usedPercent: 79 }], 'ok', /^1 sequences/],

  ['permissions', { t: 'rawd' }, { t: 'rawd', new: 'r' }, 'ok', 'nothing lost on 2 objects'],
  [
    'permissions',
    { t: 'rawd' },
    { t: 'rw' },
    'failed',
    "the application's role has lost INSERT, DELETE on t; GRANT it again",
  ],
  ['permissions', { 'schema app': 'U' }, { 'schema app': '' }, 'failed', /lost USAGE on schema app/],
  ['permissions', { t: 'rawd' }, {}, 'ok', 'nothing lost on 0 objects'],

  [
    'foreignKeys',
    keys,
    { ...keys, names: ['k', 'n'], orphans: { n: 0 } },
    'ok',
    '1 of 2 keys counted, no row without a parent',
  ],
  [
    'foreignKeys',
    keys,
    { ...keys, names: ['k', 'n'], orphans: { n: 3 } },
    'failed',
    'rows without a parent: n: 3 rows',
  ],
  [
    'foreignKeys',
    keys,
    { names: ['k', 'n'], orphans: { n: 3 }, notValid: ['n'] },
    'warning',
    /behind a key that is NOT VALID: n: 3 rows/,
  ],
  [
    'foreignKeys',
    { names: ['k'], orphans: { k: 3 }, notValid: ['k'] },
    { names: ['k'], orphans: { k: 3 }, notValid: ['k'] },
    'warning',
    /k: 3 rows/,
  ],
  [
    'foreignKeys',
    { names: ['k'], orphans: { k: 3 }, notValid: ['k'] },
    { names: ['k'], orphans: { k: 4 }, notValid: ['k'] },
    'failed',
    /k: 4 rows/,
  ],

  [
    'rows',
    [{ table: 't', rows: 100, deletes: false }],
    [{ table: 't', rows: 130, deletes: false }],
    'ok',
    'none lost from t (130)',
  ],
  [
    'rows',
    [{ table: 't', rows: 100, deletes: false }],
    [{ table: 't', rows: 99, deletes: true }],
    'failed',
    /^rows are lost: t has 99 rows where it had 100; if they were meant to go, ask again with "validation": "standard"$/,
  ],
  [
    'rows',
    [{ table: 't', rows: 100, deletes: true }],
    [{ table: 't', rows: 99, deletes: true }],
    'warning',
    /^fewer rows, of which the application deletes some itself: t has 99/,
  ],
  [
    'rows',
    [{ table: 't', rows: 100, deletes: true }],
    [{ table: 't', rows: 98, deletes: true }],
    'failed',
    /^rows are lost/,
  ],
  ['rows', [{ table: 't', rows: 100, deletes: false }], [], 'warning', 'no longer there: t'],
  ['rows', [], [], 'ok', 'the migrations touch no table that was there'],

  ['replication', follows, follows, 'ok', '1 standbys, 1 slots, 1 s behind'],
  ['replication', follows, { ...follows, standbys: [] }, 'failed', 'standbys replica no longer follow'],
  [
    'replication',
    follows,
    slot({ lost: true, active: false }),
    'failed',
    'slots slot are lost: their readers have to begin anew',
  ],
  ['replication', slot({ lost: true }), slot({ lost: true }), 'warning', 'slots slot are lost since before'],
  [
    'replication',
    follows,
    slot({ active: false, keptBytes: 2 ** 31 }),
    'warning',
    'nobody reads from slots slot, which keep more than 1 GiB',
  ],
  ['replication', follows, { ...follows, lagSeconds: 61 }, 'warning', 'a standby is 61 s behind'],
  ['replication', { ...follows, lagSeconds: null }, { ...follows, lagSeconds: null }, 'ok', /0 s behind/],

  ['statistics', undefined, { analysed: ['a', 'b'], skipped: [] }, 'ok', 'analysed a, b'],
  ['statistics', undefined, { analysed: [], skipped: [] }, 'ok', 'no table changed'],
  [
    'statistics',
    undefined,
    { analysed: ['a'], skipped: [{ table: 'b', because: 'not finished in time' }] },
    'warning',
    'not analysed: b (not finished in time)',
  ],
])('%s: %j, then %j: %s', (check, before, after, status, detail) => {
  const [is, says] = found(check, before, after, check === 'history' ? ['3'] : []);
  expect([is, says]).toEqual([status, typeof detail === 'string' ? detail : expect.stringMatching(detail)]);
});

it('warns where it could not look, and never fails for it', () => {
  const blind = { unseen: 'not finished within 10 s' };
  expect(found('rows', [], blind)).toEqual(['warning', 'not finished within 10 s']);
  expect(found('rows', blind, [])).toEqual([
    'warning',
    'nothing to compare with: not finished within 10 s before',
  ]);
  expect(found('indexes', undefined, { invalid: ['i'] })).toEqual([
    'warning',
    'nothing to compare with: not looked at before',
  ]);
  expect(found('indexes', { invalid: [] }, undefined)).toEqual(['warning', 'not looked at']);
});

it('names at most five of many', () => {
  const invalid = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(found('indexes', { invalid: [] }, { invalid })[1]).toMatch(
    /^indexes a, b, c, d, e and 2 more are invalid/,
  );
});

it('rolls back for what failed only, naming the check', () => {
  const before = { indexes: { invalid: [] }, constraints: { notValid: [] } };
  const after = { indexes: { invalid: ['i'] }, constraints: { notValid: ['c'] } };
  const findings = validate(['constraints', 'indexes'], before, after, { pending: [] });
  expect(findings.map(({ status }) => status)).toEqual(['warning', 'failed']);
  expect(failures(findings)).toEqual([expect.stringMatching(/^indexes: indexes i are invalid/)]);
});

describe('the tables whose rows migrations can reach', () => {
  const table = (name: string, more: Partial<Table> = {}): [string, Table] => [
    `public.${name}`,
    { name: `public.${name}`, kind: 'table', columns: [], constraints: [], indexes: [], views: [], ...more },
  ];
  const key = (references: string): Partial<Table> => ({
    constraints: [{ name: 'k', kind: 'foreign', columns: ['x'], validated: true, references }],
  });
  const catalog = {
    ...emptyCatalog(),
    tables: new Map([
      table('products'),
      table('orders', key('public.products')),
      table('lines', key('public.orders')),
      table('stock'),
      table('cheap', { kind: 'view' }),
      table('events', { kind: 'partitioned' }),
      table('events_1', { partitionOf: 'public.events' }),
    ]),
  };
  const touched = async (up: string) =>
    touchedTables(
      await analyse([{ id: '1', file: 'f', up, transactional: true, firstLine: 1 }], catalog),
      catalog,
    );

  it.each([
    ['alter table orders add column note text', ['public.orders']],
    ['update stock set x = 1 where x = 2', ['public.stock']],
    ['delete from products where x = 1', ['public.lines', 'public.orders', 'public.products']],
    ['drop table events_1', ['public.events']],
    ['create table fresh (id int)', []],
    ['select 1', []],
    ['call tidy()', ['public.events', 'public.lines', 'public.orders', 'public.products', 'public.stock']],
  ])('%s', async (statement, tables) => expect(await touched(statement)).toEqual(tables));
});
