import { parse } from '../../../src/domain/migrations/parse';
import { loadParser } from '../../../src/domain/migrations/parser';

beforeAll(() => loadParser());

const places = (sql: string) => parse(sql).statements.map(({ tag, line, column }) => [tag, line, column]);

it('counts characters, not bytes, where bytes and characters differ', () => {
  expect(places("SELECT 'ü😀'; SELECT 2;\n  -- é\n  SELECT 3")).toEqual([
    ['SelectStmt', 1, 1],
    ['SelectStmt', 1, 14],
    ['SelectStmt', 3, 3],
  ]);
});

it('gives each statement its own text', () => {
  expect(parse("SELECT 'é';\n-- a note\nDROP TABLE a;").statements.map(({ text }) => text)).toEqual([
    "SELECT 'é'",
    'DROP TABLE a',
  ]);
});

it.each(['', '  \n', '-- only a comment', '/* nothing */ ;'])('finds no statement in %j', (sql) => {
  expect(parse(sql)).toEqual({ statements: [], opaque: [] });
});

it('says where the parser stopped, in its words', () => {
  expect(parse("SELECT 'ü';\n  SELEC 1")).toMatchObject({
    statements: [{ text: "SELECT 'ü'", line: 1 }],
    error: { line: 2, column: 3, message: 'syntax error at or near "SELEC"', text: 'SELEC 1' },
  });
});

it('looks into the branches and the constant texts of a DO block', () => {
  const sql = [
    'SELECT 1;',
    'DO $$',
    'BEGIN',
    '  IF true THEN',
    '    DROP TABLE a;',
    '  END IF;',
    "  EXECUTE 'DROP TABLE b';",
    'END $$',
  ].join('\n');
  expect(parse(sql).statements.map(({ tag, line, text }) => [tag, line, text])).toEqual([
    ['SelectStmt', 1, 'SELECT 1'],
    ['DropStmt', 5, 'DROP TABLE a'],
    ['DropStmt', 7, 'DROP TABLE b'],
  ]);
});

it('calls text that is made at run time what it is', () => {
  const { opaque, statements } = parse(
    "DO $$ DECLARE t text; BEGIN EXECUTE format('DROP TABLE %I', t); END $$",
  );
  expect(statements).toEqual([]);
  expect(opaque).toMatchObject([{ line: 1, message: expect.stringContaining('only known when it runs') }]);
});

it.each([
  ["'DROP TABLE a'", 'DROP TABLE a'],
  ["'DROP ' || 'TABLE ' || quote_ident('a b')", 'DROP TABLE "a b"'],
  ["format('COMMENT ON TABLE %I IS %L', 'a', 'it''s')", "COMMENT ON TABLE \"a\" IS 'it''s'"],
  ["concat('DROP TABLE ', 'a', ' CASCADE')", 'DROP TABLE a CASCADE'],
  ["format('SELECT %s %%', 1)", undefined],
  ["format('DROP TABLE %I')", undefined],
  ["format('DROP TABLE %1$I', 'a')", undefined],
  ["'DROP TABLE ' || lower('A')", undefined],
])('knows what EXECUTE %s comes to where only constants have a part in it', (expression, text) => {
  const { statements } = parse(`DO $$ BEGIN EXECUTE ${expression}; END $$`);
  expect(statements.map((statement) => statement.text)).toEqual(text === undefined ? [] : [text]);
});

it.each([
  ['FOR r IN DELETE FROM t RETURNING * LOOP NULL; END LOOP', 'DELETE FROM t RETURNING *'],
  ["OPEN c FOR EXECUTE 'DELETE FROM t'", 'DELETE FROM t'],
  ['OPEN c FOR UPDATE t SET n = 1 RETURNING n', 'UPDATE t SET n = 1 RETURNING n'],
  ['x := unseen()', 'SELECT unseen()'],
  ['IF unseen() > 3 THEN NULL; END IF', 'SELECT unseen() > 3'],
  ['WHILE unseen() LOOP NULL; END LOOP', 'SELECT unseen()'],
  ["RAISE NOTICE '%', unseen()", 'SELECT unseen()'],
  ['PERFORM unseen()', 'SELECT unseen()'],
  ["IF to_regclass('t') IS NULL AND x > 3 THEN NULL; END IF", undefined],
  ['x := (SELECT max(n) FROM t)', undefined],
])('sees what a DO block runs by %s', (body, text) => {
  const { statements, opaque } = parse(`DO $$ DECLARE r record; c refcursor; x int; BEGIN ${body}; END $$`);
  expect(opaque).toEqual([]);
  expect(statements.map((statement) => statement.text)).toEqual(text === undefined ? [] : [text]);
});

it.each(['DO LANGUAGE plv8 $$ x $$', 'DO $$ x $$ LANGUAGE plpython3u'])('does not read %s', (sql) =>
  expect(parse(sql)).toMatchObject({
    statements: [],
    opaque: [{ message: expect.stringMatching(/^what is written in (?:plv8|plpython3u) cannot be seen$/) }],
  }),
);

it('reports a DO block that it cannot read', () => {
  expect(parse('DO $$ BEGIN IF END $$').opaque).toHaveLength(1);
});
