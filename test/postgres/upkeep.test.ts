import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../local/processes';
import { judgeUpkeep } from '../../src/domain/validation/upkeep';
import type { UnusedIndexesSeen } from '../../src/domain/validation/upkeep/unused-indexes';
import { seeUpkeep } from '../../src/postgres/validation/upkeep';
import { isPresent, MAJORS, startServer } from '../domain/migrations/servers';

jest.setTimeout(120_000);

let processes: Processes;
beforeAll(async () => {
  processes = await startProcesses();
});
afterAll(() => processes?.close());

/** What a validation sees, as a role that only reads. */
async function findings(client: Client, seconds?: number) {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const seen = await seeUpkeep(client, ['app'], seconds);
    const { findings: found } = judgeUpkeep(seen);
    return { all: Object.fromEntries(found.map((one) => [one.check, one])), seen };
  } finally {
    await client.query('ROLLBACK');
  }
}

const WRONG = `
  CREATE SCHEMA "My Shop";
  CREATE TABLE products (id bigint PRIMARY KEY, name text, price int, sold boolean);
  CREATE INDEX products_by_name ON products (name);
  CREATE INDEX products_by_name_again ON products (name);
  CREATE INDEX products_by_name_and_price ON products (name, price);
  CREATE INDEX products_by_id ON products (id);
  CREATE INDEX products_by_price ON products (price) WHERE sold;
  CREATE TABLE "My Shop"."Odd "" lines" (id bigint, product bigint CONSTRAINT "it's sold" REFERENCES products);
  CREATE SEQUENCE numbers AS int START 2000000000;
  SELECT nextval('numbers');
  CREATE SEQUENCE narrow;
  CREATE TABLE tickets (id int PRIMARY KEY DEFAULT nextval('narrow'));
  SELECT setval('narrow', 1900000000);
  CREATE TABLE swollen (id int PRIMARY KEY, text text) WITH (autovacuum_enabled = off);
  INSERT INTO swollen SELECT n, repeat('x', 500) FROM generate_series(1, 20000) n;
  DELETE FROM swollen WHERE id % 20 <> 0;
  ALTER ROLE app SET statement_timeout = '5s';
`;
const RIGHT = `
  CREATE TABLE products (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL UNIQUE);
  CREATE TABLE lines (id bigint, product bigint REFERENCES products, shop int NOT NULL, number int NOT NULL, note text,
    UNIQUE (shop, number)) PARTITION BY LIST (shop);
  CREATE TABLE lines_1 PARTITION OF lines FOR VALUES IN (1);
  CREATE INDEX lines_by_product ON lines (product) WHERE product IS NOT NULL;
  CREATE INDEX lines_by_note ON lines (note, number) INCLUDE (id);
  CREATE INDEX lines_by_number ON lines (number, note);
  CREATE SEQUENCE round MAXVALUE 10 CYCLE;
  CREATE TABLE full_table (id int PRIMARY KEY, text text);
  INSERT INTO full_table SELECT n, repeat('x', 500) FROM generate_series(1, 20000) n;
`;

describe.each(MAJORS.filter(isPresent))('on PostgreSQL %i, as a role that only reads', (major) => {
  const superusers: Client[] = [];
  const readers: Record<string, Client> = {};
  beforeAll(async () => {
    const server = await startServer(processes, major);
    const first = await server.connect('postgres');
    await first.query('CREATE ROLE app; CREATE ROLE reader LOGIN');
    for (const [name, schema] of Object.entries({ wrong: WRONG, right: RIGHT, dark: WRONG })) {
      await first.query(`CREATE DATABASE "${name}"`);
      const client = await server.connect(name);
      superusers.push(client);
      await client.query(schema);
      await client.query('VACUUM ANALYZE');
      if (name !== 'dark')
        await client.query(`
          DO $$ DECLARE s name; BEGIN
            FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' LOOP
              EXECUTE format('GRANT USAGE ON SCHEMA %1$I TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA %1$I TO reader;
                GRANT SELECT ON ALL SEQUENCES IN SCHEMA %1$I TO reader', s);
            END LOOP; END $$`);
      readers[name] = await server.connect(name, 'reader');
    }
    await first.end();
  });
  afterAll(async () => {
    for (const client of [...superusers, ...Object.values(readers)]) await client.end();
  });

  it.each([
    [
      'duplicateIndexes',
      /same index: public\.products_by_id \(8 KiB\) by public\.products_pkey, public\.products_by_name_again \(8 KiB\) by public\.products_by_name; .*columns: public\.products_by_name \(8 KiB\) by public\.products_by_name_and_price;/,
    ],
    ['bloat', /^estimated to hold nothing: public\.swollen \(some 9\d % of 10\.4 MiB\);/],
    ['freeSequences', /^nearly used up: public\.numbers \(93 %\), public\.narrow \(88 %\);/],
    ['unindexedKeys', /columns of it's sold on My Shop\.Odd " lines \(product\);/],
    ['keylessTables', /NOT NULL: My Shop\.Odd " lines;/],
    ['serverSettings', /role app has statement_timeout=5s: a migration that takes longer is cancelled/],
    ['unusedIndexes', /^unseen: the statistics are 0 days old.*; 5 indexes have not been used so far$/],
    ['queries', /^unseen: this database has no pg_stat_statements; run CREATE EXTENSION/],
  ])('finds what is wrong: %s', async (check, detail) => {
    const { all } = await findings(readers.wrong!);
    expect(all[check]).toEqual({ check, status: 'warning', detail: expect.stringMatching(detail) });
  });

  it('counts as unused what only queries need, and neither what keeps a key nor what answers one', async () => {
    const { seen } = await findings(readers.wrong!);
    const { indexes } = seen.unusedIndexes as UnusedIndexesSeen;
    expect(indexes.map(({ name }) => name).sort()).toEqual([
      'public.products_by_id',
      'public.products_by_name',
      'public.products_by_name_again',
      'public.products_by_name_and_price',
      'public.products_by_price',
    ]);
    const right = await findings(readers.right!);
    expect((right.seen.unusedIndexes as UnusedIndexesSeen).indexes.map(({ name }) => name).sort()).toEqual([
      'public.lines_by_note',
      'public.lines_by_number',
    ]);
  });

  it.each([
    'duplicateIndexes',
    'bloat',
    'freeSequences',
    'unindexedKeys',
    'keylessTables',
    'wraparound',
    'size',
  ])('finds nothing where nothing is wrong: %s', async (check) => {
    const { all } = await findings(readers.right!);
    expect(all[check]?.status).toBe('ok');
  });

  it('says what a role without rights does not see, and judges the catalogs all the same', async () => {
    const { all } = await findings(readers.dark!);
    expect(all.bloat?.detail).toMatch(/^unseen: public\.swollen, without statistics that the role may read/);
    expect(all.freeSequences?.detail).toMatch(/^unseen: public\.narrow, public\.numbers; GRANT SELECT/);
    expect(all.keylessTables?.detail).toContain('My Shop.Odd " lines');
  });

  it('finds a database near its last transaction number', async () => {
    const client = superusers[0]!;
    await client.query('BEGIN');
    try {
      await client.query(`UPDATE pg_database SET
        datfrozenxid = ((txid_current() + 4294967296 - 1700000000) % 4294967296)::text::xid WHERE datname = 'template0'`);
      const seen = await seeUpkeep(client, []);
      const found = judgeUpkeep(seen).findings.find(({ check }) => check === 'wraparound');
      expect(found?.status).toBe('failed');
      expect(found?.detail).toMatch(/^template0: 17000\d+ transactions old, 79 % of the way to wraparound/);
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it('says of a check that it did not finish, and goes on with the others', async () => {
    const { all } = await findings(readers.wrong!, 0);
    expect(Object.values(all).map(({ detail }) => detail)).toEqual(
      Object.values(all).map(() => 'unseen: no time was left'),
    );
  });
});
