import { deflateRawSync } from 'node:zlib';
import { type Catalog, emptyCatalog } from '../../../src/domain/migrations/catalog';
import { LONGEST } from '../../../src/domain/migrations/dumps';
import { parse } from '../../../src/domain/migrations/parse';
import { loadParser } from '../../../src/domain/migrations/parser';
import { nameOf, type Removal, removalsOf } from '../../../src/domain/migrations/removals';
import { apply } from '../../../src/domain/migrations/schema';
import type { Migration } from '../../../src/domain/migrations/types';
import {
  callsOf,
  dumpedNow,
  MOST_REMOVALS,
  notLookedFor,
  printsOf,
  stillUsed,
  type UsageLook,
  usageRemarks,
  usedIn,
} from '../../../src/domain/migrations/usage';
import { anyOf } from '../../../src/postgres/usage';

const SCHEMA = `
create schema archive;
create table orders (id bigint, note text, total int);
create table order_notes (order_id bigint, note text);
create table customers (id bigint, name text);
create table archive.orders (id bigint, note text);
create view names as select name from customers;
create function greeting() returns text language sql as 'select 1';`;

let catalog: Catalog;
beforeAll(async () => {
  await loadParser();
  catalog = { ...emptyCatalog(), live: true };
  for (const statement of parse(SCHEMA).statements) apply(catalog, statement);
});

const migration = (id: string, up: string | null, phase?: 'contract'): Migration => ({
  id,
  file: `${id}.sql`,
  up,
  down: null,
  checksum: '',
  transactional: true,
  firstLine: 1,
  ...(phase && { phase }),
});
const removed = (up: string) => removalsOf([migration('2', up, 'contract')], catalog);

describe('what contract migrations take away', () => {
  it.each([
    [
      'alter table orders drop column note, drop column total',
      ['note of public.orders', 'total of public.orders'],
    ],
    ['alter table orders rename column note to remark', ['note of public.orders']],
    ['alter table archive.orders rename to old_orders', ['archive.orders']],
    ['drop table if exists customers cascade', ['public.customers']],
    ['drop view names; drop function greeting()', ['public.names', 'public.greeting']],
    ['alter table customers set schema archive', ['public.customers']],
    ['drop schema archive cascade', ['archive.orders']],
    ['drop view names; create view names as select id from customers', []],
    ["drop function greeting(); create function greeting() returns int language sql as 'select 1'", []],
    [
      "create function greeting(name text) returns text language sql as 'select $1'; drop function greeting()",
      [],
    ],
    ['alter table orders drop column note, add column note jsonb', []],
    [
      'alter table customers rename to old_customers; create view customers as select id from old_customers',
      [],
    ],
    [
      'alter table orders rename column note to old_note; alter table orders rename column total to note',
      ['total of public.orders'],
    ],
    ['alter table orders add column more text; drop index orders_idx; update orders set note = null', []],
  ])('%s', async (up, names) => {
    expect((await removed(up)).map(nameOf)).toEqual(names);
  });

  it('is filed small: other relations with such a column are named, partitions are not', async () => {
    const parts = Array.from(
      { length: 300 },
      (_, at) => `create table part_${at} partition of visits for values from (${at}) to (${at + 1})`,
    );
    const release = [
      migration('1', `create table visits (day int, note text) partition by range (day); ${parts.join(';')}`),
      migration('2', 'alter table orders drop column note', 'contract'),
    ];
    const [note] = await removalsOf(release, catalog);
    expect([...note!.alsoIn].sort()).toEqual(['archive.orders', 'public.order_notes', 'public.visits']);
  });

  it('is filed small also where hundreds of tables lose a column that all of them have', async () => {
    const tables = Array.from({ length: 400 }, (_, at) => `tenant_${at}_bookings`);
    const release = [
      migration('1', tables.map((name) => `create table ${name} (id bigint, tenant_number int)`).join(';')),
    ];
    const grown = { ...emptyCatalog(), live: true };
    for (const { up } of release) for (const statement of parse(up ?? '').statements) apply(grown, statement);
    const all = await removalsOf(
      [
        migration(
          '2',
          tables.map((name) => `alter table ${name} drop column tenant_number`).join(';'),
          'contract',
        ),
      ],
      grown,
    );
    expect(all).toHaveLength(400);
    expect(Math.max(...all.map(({ alsoIn }) => alsoIn.length))).toBe(100);
    expect(deflateRawSync(JSON.stringify(all)).length).toBeLessThan(100_000);
    const used = 'select tenant_number from tenant_7_bookings b join tenant_8_bookings c using (id)';
    expect(usedIn(used, all).map(nameOf)).toContain('tenant_number of public.tenant_7_bookings');
  });

  it('is looked for as far as it can be filed, and the plan names what is not', async () => {
    const removals = await removed('alter table orders drop column note, drop column total');
    const partitions = Array.from({ length: MOST_REMOVALS }, (_, at) => ({
      ...{ migration: '20261101090000_drop_events', kind: 'relation' as const, alsoIn: [] },
      ...{ of: `events.p_${at}_${(at * 7919) % 10007}`, shadowed: false },
    }));
    expect(deflateRawSync(JSON.stringify(partitions)).length).toBeLessThan(200_000);
    expect(notLookedFor([])).toEqual([]);
    expect(notLookedFor(removals)).toEqual([
      'who uses note of public.orders, total of public.orders is not looked for: the contract migrations take away more than 5000 relations, columns and routines',
    ]);
  });

  it('is nothing of the other migrations, and nothing that the release has made itself', async () => {
    const release = [
      migration('1', 'alter table orders drop column total; create table staging (id bigint)'),
      migration('2', 'drop table staging; alter table orders drop column note', 'contract'),
      migration('3', null, 'contract'),
    ];
    expect(
      (await removalsOf(release, catalog)).map(({ migration: id, ...one }) => [id, nameOf(one)]),
    ).toEqual([['2', 'note of public.orders']]);
  });
});

describe('a statement that uses it', () => {
  let note: Removal[];
  let customers: Removal[];
  let greeting: Removal[];
  beforeAll(async () => {
    note = await removed('alter table orders drop column note');
    customers = await removed('drop table customers');
    greeting = await removed('drop function greeting()');
  });

  it.each([
    'select note from orders where id = $1',
    'select o.note from public.orders as o join order_notes n on n.order_id = o.id',
    'select count(*) from orders group by note',
    'update orders set note = $1 where id = $2',
    'insert into orders (id, note) values ($1, $2)',
    'insert into orders values ($1, $2, $3)',
    'insert into orders (id) values ($1) on conflict (id) do update set note = $2',
    'insert into orders (id) values ($1) returning note',
    'delete from orders where note is null',
    'merge into orders o using order_notes n on o.id = n.order_id when matched then update set note = n.note',
    'with recent as (select id, note from orders) select note from recent',
    'select 1 from order_notes where exists (select 1 from orders o where o.note = order_notes.note)',
    'select (select note from order_notes where order_id = id), o.note from orders o',
    'copy orders (id, note) to stdout',
    'copy orders from stdin',
    'create view readable as select id, note from orders',
    'select id, note from orders where placed > now() - interval $1',
    'with orders as (select id, note from orders) select id from orders',
    'with orders as (select * from orders where id = $1) select note from orders',
    'with changed as (update orders set total = $1 returning *) select note from changed',
    'select recent.note from (select * from orders order by id) recent',
    'select every.note from (select * from (select * from orders union all select * from old) both_of) every',
    'select o.id, l.remark from orders o, lateral (select o.note as remark) l',
    'select o.id from orders o join order_notes n using (note)',
    'select id from orders order by note',
    'insert into orders (id) values ($1) on conflict (note) do nothing',
    'merge into orders o using old n on n.id = o.id when not matched then insert values (n.id, n.body)',
    'create index on orders (note)',
    'declare everything cursor for select note from orders',
    // cut off
    'select o1_0.id, o1_0.note from orders o1_0 left join order_notes n1_0 on n1_0.order_id = (',
    'SELECT NOTE FROM ORDERS WHERE total in (',
    'select "orders"."id", "orders"."note" from "orders" where "orders"."total" = (',
  ])('%s', (text) => {
    expect(usedIn(text, note).map(nameOf)).toEqual(['note of public.orders']);
  });

  it.each([
    'select * from orders',
    'select id, total from orders',
    'select o.id, order_notes.note from orders o left join order_notes on order_id = o.id',
    'select id, n.note from orders left join order_notes n on order_id = id',
    'select note from archive.orders',
    'select note from order_notes',
    'select body as note from orders join bodies using (id)',
    'insert into order_notes (order_id, note) select id, $1 from orders',
    'with noted as (select order_id, note from order_notes) select note from noted where order_id in (select id from orders)',
    'select o.id, n.note from orders o join (select order_id, note from order_notes) n on true',
    'select id from orders where id in (select order_id from order_notes where note is not null)',
    'select body as note from orders join bodies using (id) order by note',
    'select count(*) as note from orders group by id order by note desc',
    'insert into orders (id, total) select id, note from staging',
    'insert into orders (id, total) select id, note from json_to_recordset($1) as x (id int, note int)',
    'insert into order_notes (order_id) select id from orders on conflict (note) do nothing',
    'merge into orders o using old n on n.id = o.id when not matched then insert (id) values (n.id)',
    'with changed as (update orders set total = $1 returning *) select id from changed',
    'select id from orders where exists (select 1 from (select * from order_notes) n where note = $1)',
    'select id from orders where exists (select 1 from jsonb_to_recordset($1) as x (note text) where note = $2)',
    'select id from orders where exists (select 1 from unnest($1::text[]) as note where note = $2)',
    'select o.id from orders o, (select note from staging) s',
    'select extract($1 from o.placed), n.note from orders o join order_notes n on n.order_id in ($2 /*, ... */)',
    // cut off
    'select o1_0.id, n1_0.note from orders o1_0 left join order_notes n1_0 on n1_0.order_id = (',
    "select o.id from orders o where o.remark = 'a note' and o.total in (",
  ])('not: %s', (text) => {
    expect(usedIn(text, note)).toEqual([]);
  });

  it('is any that names a relation or a routine which is taken away', () => {
    expect(usedIn('select 1 from customers c', customers)).toHaveLength(1);
    expect(usedIn('select 1 from archive.customers', customers)).toEqual([]);
    expect(usedIn('with customers as (select 1) select * from orders', customers)).toEqual([]);
    expect(usedIn('with customers as (select 1) select * from customers', customers)).toEqual([]);
    expect(usedIn('with customers as (table customers) select * from customers', customers)).toHaveLength(1);
    expect(usedIn('select 1 from people customers for update of customers', customers)).toEqual([]);
    expect(usedIn('select greeting()', greeting)).toHaveLength(1);
    expect(usedIn('call public.greeting()', greeting)).toHaveLength(1);
    expect(usedIn('select farewell()', greeting)).toEqual([]);
    expect(usedIn('select other.greeting()', greeting)).toEqual([]);
  });
});

/** What a release does that moves the column elsewhere, and how PostgreSQL counts it. */
const BACKFILL = `insert into order_notes select id, note from orders where note <> '' and total in (1, 2);
do $$ begin update orders set total = 1 where note is null; end $$`;
const BACKFILL_COUNTED =
  'insert into order_notes select id, note from orders where note <> $1 and total in ($2 /*, ... */)';

describe('who uses it', () => {
  const look = (
    counted: [role: string, calls: number, text?: string][],
    more: Partial<UsageLook> = {},
  ): UsageLook => ({
    counted: counted.map(([role, calls, text = 'select note from orders']) => ({
      key: `${role}/1`,
      role,
      own: role === 'app',
      calls,
      text,
    })),
    sessions: [],
    unseen: '',
    ...more,
  });
  const filed = async () => {
    const removals = await removed('alter table orders drop column note');
    return {
      removals,
      calls: callsOf(
        look([
          ['app', 50],
          ['reporting', 7],
        ]),
        removals,
      ),
      ours: printsOf([migration('1', BACKFILL)], removals),
    };
  };

  it('is said in the plan of other roles than the own, and where it cannot be seen', async () => {
    const { removals } = await filed();
    expect(
      usageRemarks(
        look([
          ['app', 50],
          ['reporting', 7],
          ['audit', 3, 'select 1'],
        ]),
        removals,
      ),
    ).toEqual([
      'role reporting used note of public.orders (calls: 7) since its statistics were reset, and the contract migrations take it away',
    ]);
    expect(usageRemarks(look([], { unseen: 'nobody looks' }), removals)).toEqual([
      'who else uses note of public.orders cannot be seen: nobody looks',
    ]);
    expect(usageRemarks(look([], { unseen: 'nobody looks' }), [])).toEqual([]);
  });

  it.each<[string, UsageLook, string | undefined]>([
    [
      'nobody since',
      look([
        ['app', 90],
        ['reporting', 7],
      ]),
      undefined,
    ],
    [
      'another role since the release began',
      look([
        ['app', 90],
        ['reporting', 9],
      ]),
      'role reporting used note of public.orders (calls: 2)',
    ],
    [
      'a role that was not seen before',
      look([['nightly', 1]]),
      'role nightly used note of public.orders (calls: 1)',
    ],
    [
      'the own role since the previous version was gone',
      look([['app', 95]]),
      "role app, the service's own, used note of public.orders (calls: 5)",
    ],
    [
      'somebody, although the statistics were reset meanwhile',
      look([['reporting', 2]]),
      'role reporting used note of public.orders (calls: 2)',
    ],
    [
      'nobody but the migrations, under a role of their own',
      look([
        ['migrator', 1, BACKFILL_COUNTED],
        ['migrator', 1, 'do $$ begin update orders set total = 1 where note is null; end $$'],
      ]),
      undefined,
    ],
    [
      'the role of the migrations, with a statement that is none of theirs',
      look([['migrator', 1, 'do $$ begin update orders set note = null; end $$']]),
      'role migrator used note of public.orders (calls: 1)',
    ],
    [
      'a session that is open',
      look([], {
        sessions: [{ program: 'psql', role: 'anna', own: false, text: 'select note from orders' }],
      }),
      'a session of psql as role anna used note of public.orders;',
    ],
  ])('once the previous version is gone: %s', async (_, now, expected) => {
    const { removals, calls, ours } = await filed();
    const gone = { ...calls, 'app/1': 90 };
    const found = stillUsed(now, { removals, calls, ours }, gone);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(expected);
  });

  describe('pg_dump', () => {
    const LOCK = 'LOCK TABLE public.customers, public.orders IN ACCESS SHARE MODE';
    const COPY = 'COPY public.orders (id, note, total) TO stdout';
    const still = async (...counted: Parameters<typeof look>[0]) =>
      stillUsed(look(counted), { ...(await filed()), calls: {} }, {});

    it.each<[string, Parameters<typeof look>[0]]>([
      [
        'locks and copies',
        [
          ['backup', 3, LOCK],
          ['backup', 3, COPY],
        ],
      ],
      [
        'of older servers locks table by table',
        [
          ['backup', 3, 'LOCK TABLE public.orders IN ACCESS SHARE MODE'],
          ['backup', 3, COPY],
        ],
      ],
      [
        'locks so many tables that the statement is cut off',
        [
          ['backup', 3, `LOCK TABLE public.orders, ${'public.visits, '.repeat(2000)}`.slice(0, LONGEST)],
          ['backup', 3, COPY],
        ],
      ],
      [
        'writes INSERT statements',
        [['backup', 3, 'DECLARE _pg_dump_cursor CURSOR FOR SELECT id, note, total FROM ONLY public.orders']],
      ],
    ])('that %s is not in the way', async (_, counted) => expect(await still(...counted)).toBeUndefined());

    it.each<[string, Parameters<typeof look>[0]]>([
      ['copies without a lock', [['etl', 3, COPY]]],
      [
        'copies what another role has locked',
        [
          ['backup', 3, LOCK],
          ['etl', 3, COPY],
        ],
      ],
      [
        'copies a query',
        [
          ['etl', 3, LOCK],
          ['etl', 3, 'copy (select note from public.orders) to stdout'],
        ],
      ],
      [
        'copies in another format',
        [
          ['etl', 3, LOCK],
          ['etl', 3, 'copy public.orders (id, note) to stdout (format csv)'],
        ],
      ],
      [
        'copies into it',
        [
          ['etl', 3, LOCK],
          ['etl', 3, 'copy public.orders (id, note) from stdin'],
        ],
      ],
      [
        'reads it with another cursor',
        [['etl', 3, 'declare every cursor for select note from public.orders']],
      ],
    ])('is nobody who %s', async (_, counted) =>
      expect(await still(...counted)).toContain('role etl used note of public.orders (calls: 3)'),
    );

    it('does not hold up the removal of a table either, which it locks', async () => {
      const removals = await removed('drop table customers');
      const counted = look([
        ['backup', 3, LOCK],
        ['backup', 3, 'COPY public.customers (id, name) TO stdout'],
      ]);
      expect(stillUsed(counted, { removals, calls: {}, ours: [] }, {})).toBeUndefined();
    });

    it('is said in the plan as what it is', async () => {
      const { removals } = await filed();
      expect(
        usageRemarks(
          look([
            ['backup', 3, LOCK],
            ['backup', 3, COPY],
            ['etl', 2],
          ]),
          removals,
        ),
      ).toEqual([
        expect.stringMatching(/^role etl used note of public.orders \(calls: 2\) since/),
        'role backup used note of public.orders (calls: 3) with pg_dump, which copies what is there and is not in the way',
      ]);
    });

    it('is waited for while it is at work, and is no other session', async () => {
      const { removals, calls, ours } = await filed();
      const now = look([], { sessions: [{ program: 'pg_dump', role: 'backup', own: false, text: COPY }] });
      expect(stillUsed(now, { removals, calls, ours }, calls)).toBeUndefined();
      expect(dumpedNow(now, removals)).toBe(
        'pg_dump as role backup used note of public.orders and is not done: it holds locks that the contract migrations would wait for',
      );
      expect(dumpedNow(look([['backup', 3, COPY]]), removals)).toBeUndefined();
    });
  });

  it('is not the service where its search path leads to another relation of that name, but may be another role', async () => {
    const removals = await removed('drop schema archive cascade');
    const before = { removals, calls: {}, ours: [] };
    expect(stillUsed(look([['app', 5]]), before, {})).toBeUndefined();
    expect(
      stillUsed(look([['app', 5, 'select note from orders where total in (']]), before, {}),
    ).toBeUndefined();
    const session = { program: 'rails', role: 'app', own: true, text: 'select note from orders' };
    expect(stillUsed(look([], { sessions: [session] }), before, {})).toBeUndefined();
    expect(stillUsed(look([['app', 5, 'select 1 from archive.orders']]), before, {})).toContain('role app');
    expect(stillUsed(look([['reporting', 5]]), before, {})).toContain('role reporting used archive.orders');
  });

  it('is said of five, however many roles there are', async () => {
    const { removals, calls, ours } = await filed();
    const many = look(Array.from({ length: 400 }, (_, at) => [`v-token-${at}`, 1]));
    expect(stillUsed(many, { removals, calls, ours }, calls)).toContain(
      '; and 395 more use what is taken away; change',
    );
    expect(usageRemarks(many, removals)).toHaveLength(6);
    const everything = Array.from({ length: 400 }, () => removals).flat();
    expect(usageRemarks(look([], { unseen: 'nobody looks' }), everything)[0]!.length).toBeLessThan(250);
  });

  it('is looked for by patterns that PostgreSQL can hold, of any names', () => {
    expect(anyOf(['order-', 'café'])).toEqual(['(^|[^[:alnum:]_])(order\\-|café)($|[^[:alnum:]_])']);
    expect(anyOf(Array.from({ length: 401 }, (_, at) => `part_${at}`))).toHaveLength(3);
    expect(anyOf(Array.from({ length: 10_000 }, (_, at) => `part_${at}`))).toEqual(['.']);
    expect(anyOf([])).toEqual([]);
  });

  it('ends with what to do', async () => {
    const { removals, calls, ours } = await filed();
    expect(stillUsed(look([['reporting', 9]]), { removals, calls, ours }, calls)).toMatch(
      /; change what uses it, or ask for the release again with "accept": \["2"\]$/,
    );
  });
});
