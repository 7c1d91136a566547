import { inspect } from 'node:util';
import type { Client, DatabaseError } from 'pg';
import { type Processes, startProcesses } from '../../../local/processes';
import { databaseSaid, withoutValues } from '../../../src/domain/privacy/values';
import { isPresent, MAJORS, startServer } from '../migrations/servers';

jest.setTimeout(60_000);

/** What no message may show, in the forms that a value takes in one. */
const PLANTED = /\bann|O'Hara|4711|0815|second line|a\) b|paris|geheim|2031-|planted|e2b6e9d2|sad\b|nowhere/i;

const SCHEMA = `
CREATE TYPE mood AS ENUM ('glad', 'calm');
CREATE TABLE customers (
  id int PRIMARY KEY, email text UNIQUE, note text NOT NULL DEFAULT '', age int CONSTRAINT customers_age CHECK (age < 150),
  mood mood, code varchar(3), born date);
CREATE TABLE orders (id int PRIMARY KEY, customer int CONSTRAINT orders_customer REFERENCES customers, tags text[]);
CREATE TABLE rooms (room text, during int4range, CONSTRAINT rooms_free EXCLUDE USING gist (during WITH &&));
CREATE UNIQUE INDEX customers_note ON customers (lower(note)) WHERE note <> '';
CREATE DOMAIN zip AS text CONSTRAINT zip_digits CHECK (VALUE ~ '^\\d+$');
INSERT INTO customers VALUES (1, 'ann@example.org', 'paris', 30), (2, E'a) b', '', 30);
INSERT INTO orders VALUES (1, 1);
INSERT INTO rooms VALUES ('paris', '[4711,4715)');
CREATE FUNCTION age_of(who text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT who::int + count(*) FROM customers); END $$;
CREATE FUNCTION refuse(who text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no account of % here', who USING DETAIL = who, HINT = 'ask "' || who || '"'; END $$;
CREATE FUNCTION into_orders(who int) RETURNS void LANGUAGE sql AS $$ INSERT INTO orders VALUES (who, who) $$;
`;

/** What a program writes as the data, because the driver sends none. */
const COPYING = `COPY customers FROM PROGRAM 'printf "ann\\tplanted\\n"'`;

/** A statement, its SQLSTATE, and the names that an operator needs. */
const STATEMENTS: [string, string, string[]][] = [
  [
    "INSERT INTO customers VALUES (3, 'ann@example.org')",
    '23505',
    ['customers_email_key', 'Key (email)=(***)'],
  ],
  ["INSERT INTO customers VALUES (3, 'a) b')", '23505', ['customers_email_key', 'Key (email)=(***)']],
  ["INSERT INTO customers VALUES (3, 'x', 'PARIS')", '23505', ['customers_note']],
  [
    "INSERT INTO customers VALUES (4711, E'ann\\nsecond line) already exists.', E'O''Hara', 4711)",
    '23514',
    ['customers_age', 'customers'],
  ],
  ["INSERT INTO customers VALUES (4711, 'ann', NULL)", '23502', ['"note"', 'customers']],
  [
    'INSERT INTO orders VALUES (2, 4711)',
    '23503',
    ['orders_customer', 'Key (customer)=(***)', '"customers"'],
  ],
  ['SELECT into_orders(4711)', '23503', ['orders_customer']],
  ['DELETE FROM customers WHERE id = 1', '23503', ['orders_customer', '"orders"']],
  ["INSERT INTO rooms VALUES ('paris', '[4712,4720)')", '23P01', ['rooms_free']],
  ["SELECT 'ann'::int", '22P02', ['integer']],
  [`SELECT E'an"n\\nsecond line'::int`, '22P02', ['integer']],
  ["UPDATE customers SET mood = 'sad'", '22P02', ['mood']],
  ["SELECT '{ann'::text[]", '22P02', ['array']],
  ['SELECT \'{"ann": planted}\'::json', '22P02', ['json']],
  ["SELECT 'e2b6e9d2-ann'::uuid", '22P02', ['uuid']],
  ["SELECT '2031-99-99'::date", '22008', ['date']],
  ["SELECT '47110815471108154711'::int", '22003', ['integer']],
  ["SELECT '4711081547110815'::numeric(4,2)", '22003', ['numeric']],
  ['SELECT id / 0 FROM customers WHERE id = 1 OR id = 4711', '22012', ['division by zero']],
  ["UPDATE customers SET code = 'planted'", '22001', ['varying(3)']],
  ["SELECT 'ann'::zip", '23514', ['zip']],
  ["SELECT age_of('ann')", '22P02', ['integer']],
  ["SELECT refuse('ann')", 'P0001', []],
  [
    "DO $$ BEGIN EXECUTE 'INSERT INTO customers VALUES (4711, ''ann@example.org'')'; END $$",
    '23505',
    ['customers_email_key'],
  ],
  ["SELECT * FROM customers WHERE nick = 'ann'", '42703', ['"nick"']],
  ["SELECT 'ann' planted 4711 oops", '42601', ['syntax error']],
  ["SELECT * FROM missing_table WHERE name = 'ann'", '42P01', ['missing_table']],
  [COPYING, '22P02', ['COPY customers, line 1, column id']],
  ["SET lock_timeout = 'ann'", '22023', ['lock_timeout']],
  ["SELECT to_number('ann', '9999') + 'planted'::float8", '22P02', []],
  ["SELECT chr(0) || '4711'", '54000', []],
  ["SELECT E'\\xff' || 'ann'", '22021', []],
  ["SELECT ('4711 nowhere')::inet", '22P02', ['inet']],
  ["SELECT '[5,4711'::int4range", '22P02', ['range']],
  ["SELECT regexp_replace('ann', '(4711', '')", '2201B', []],
  ["SELECT jsonb_path_query('{\"ann\":1}', 'strict $.planted')", '2203A', []],
];

type Said = DatabaseError & Record<string, string | undefined>;

/** An error in the words of programs that print one. */
const FORMS: Record<string, (error: Said, statement: string) => string> = {
  'the log of the server': (error, statement) =>
    [
      `2026-11-30 22:00:00.123 UTC [4242] ERROR:  ${error.message}`,
      ...(error.detail ? [`2026-11-30 22:00:00.123 UTC [4242] DETAIL:  ${error.detail}`] : []),
      ...(error.hint ? [`2026-11-30 22:00:00.123 UTC [4242] HINT:  ${error.hint}`] : []),
      ...(error.internalQuery ? [`2026-11-30 22:00:00.123 UTC [4242] QUERY:  ${error.internalQuery}`] : []),
      ...(error.where ? [`2026-11-30 22:00:00.123 UTC [4242] CONTEXT:  ${error.where}`] : []),
      `2026-11-30 22:00:00.123 UTC [4242] STATEMENT:  ${statement}`,
    ].join('\n'),
  psql: (error, statement) =>
    [
      `psql:db/003.sql:7: ERROR:  ${error.message}`,
      ...(error.position ? [`LINE 1: ${statement}`, '               ^'] : []),
      ...(error.detail ? [`DETAIL:  ${error.detail}`] : []),
      ...(error.hint ? [`HINT:  ${error.hint}`] : []),
      ...(error.where ? [`CONTEXT:  ${error.where}`] : []),
    ].join('\n'),
  'node-postgres, printed': (error) => inspect(error),
  'node-postgres, as JSON': (error) => JSON.stringify({ level: 'error', ...error, msg: error.message }),
  'dbmate, golang-migrate': (error, statement) =>
    `error: migration failed: ${error.message}${error.detail ? ` (details: ${error.detail})` : ''} in line 0: ${statement} (details: pq: ${error.message})`,
  goose: (error) =>
    `goose run: ERROR 3_x.sql: failed to run SQL migration: failed to execute SQL query: ERROR: ${error.message} (SQLSTATE ${error.code})`,
  'alembic, Django': (error, statement) =>
    `sqlalchemy.exc.IntegrityError: (psycopg2.errors.UniqueViolation) ${error.message}\n${error.detail ? `DETAIL:  ${error.detail}\n` : ''}${error.where ? `CONTEXT:  ${error.where}\n` : ''}\n[SQL: ${statement}]\n[parameters: {'email': 'ann', 'age': 4711}]\n(Background on this error at: https://sqlalche.me/e/20/gkpj)`,
  'Flyway, Liquibase': (error, statement) =>
    `Migration V3__x.sql failed\nSQL State  : ${error.code}\nError Code : 0\nMessage    : ERROR: ${error.message}${error.detail ? `\n  Detail: ${error.detail}` : ''}${error.where ? `\n  Where: ${error.where}` : ''}\nLocation   : db/V3__x.sql\nLine       : 1\nStatement  : ${statement}\n[Failed SQL: (0) ${statement}]`,
  'Entity Framework': (error, statement) =>
    `Failed executing DbCommand (3ms) [Parameters=[@p0='ann' (Nullable = false), @p1='4711'], CommandType='Text']\n${statement}\nNpgsql.PostgresException (0x80004005): ${error.code}: ${error.message}\n\nDETAIL: ${error.detail ?? 'Detail redacted'}`,
  Prisma: (error) =>
    `Database error code: ${error.code}\n\nDatabase error:\nERROR: ${error.message}\n${error.detail ? `DETAIL: ${error.detail}\n` : ''}\nDbError { severity: "ERROR", parsed_severity: Some(Error), code: SqlState(E${error.code}), message: ${JSON.stringify(error.message)}, detail: Some(${JSON.stringify(error.detail ?? '')}), where_: Some(${JSON.stringify(error.where ?? '')}), schema: Some("public"), constraint: Some("${error.constraint ?? 'none'}") }`,
  Rails: (error, statement) =>
    `PG::${error.code === 'P0001' ? 'RaiseException' : 'Error'}: ERROR:  ${error.message}\n${error.detail ? `DETAIL:  ${error.detail}\n` : ''}: ${statement}`,
};

const SILENT = new Set(['dbmate, golang-migrate']);

let processes: Processes;
beforeAll(async () => {
  processes = await startProcesses();
});
afterAll(() => processes.close());

async function failing(client: Client, statement: string): Promise<Said> {
  try {
    await client.query(statement);
  } catch (error) {
    return error as Said;
  }
  throw new Error(`${statement} did not fail`);
}

describe.each(MAJORS.filter(isPresent))('PostgreSQL %i', (major) => {
  let client: Client;
  const errors = new Map<string, Said>();
  beforeAll(async () => {
    const server = await startServer(processes, major);
    client = await server.connect('postgres');
    await client.query(SCHEMA);
    for (const [statement] of STATEMENTS) errors.set(statement, await failing(client, statement));
  });
  afterAll(() => client.end());

  it.each(STATEMENTS)('of %s (%s) a cause keeps the names alone', (statement, code, names) => {
    const error = errors.get(statement)!;
    expect(error.code).toBe(code);
    const said = databaseSaid(error);
    expect(said).not.toMatch(PLANTED);
    expect(said.startsWith(code)).toBe(true);
    const inDetail = /^(Key|COPY)|^"(customers|orders)"$/;
    for (const name of names) if (!inDetail.test(name)) expect(said).toContain(name);
  });

  it.each(Object.entries(FORMS))('as %s prints them no value gets through', (tool, form) => {
    for (const [statement, code, names] of STATEMENTS) {
      // what a function raised cannot be told from the server's own words where the tool prints neither code nor context
      if (code === 'P0001' && SILENT.has(tool)) continue;
      const said = withoutValues(form(errors.get(statement)!, statement));
      expect({ statement, said }).toEqual({ statement, said: expect.not.stringMatching(PLANTED) });
      if (names.length > 0) expect(said).not.toBe('***');
    }
  });

  it('as the server logs them the names stay', () => {
    for (const [statement, , names] of STATEMENTS)
      for (const name of names)
        expect(withoutValues(FORMS['the log of the server']!(errors.get(statement)!, statement))).toContain(
          name,
        );
  });
});
