import { columnsOf, quoted } from '../world/world';
import { cascade, type Make, maybe } from './place';
import { alter } from './tables';

export const objectStatements: Record<string, Make> = {
  'create view': ({ table, chance }) =>
    chance.pick([
      `CREATE VIEW public.fresh_view AS SELECT ${columnsOf(table.columns.slice(0, 2))} FROM ${table.sql}`,
      `CREATE OR REPLACE VIEW public.fresh_view AS SELECT * FROM ${table.sql}`,
      `CREATE MATERIALIZED VIEW public.fresh_mat AS SELECT count(*) FROM ${table.sql}`,
    ]),
  'replace view': ({ world, chance }) => {
    const view = maybe(
      chance,
      world.views.filter(({ sql }) => !sql.includes('view2')),
    );
    return (
      view &&
      `CREATE OR REPLACE VIEW ${view.sql} AS SELECT ${columnsOf(view.columns)}${chance.pick(['', ', 1 AS more'])} FROM ${view.of.sql}`
    );
  },
  'drop view': ({ world, chance }) => {
    const view = maybe(chance, world.views);
    return view && `DROP VIEW ${chance.pick(['', 'IF EXISTS '])}${view.sql}${cascade(chance)}`;
  },
  'view made again': ({ world, chance }) => {
    const view = maybe(
      chance,
      world.views.filter(
        ({ sql }) => !world.views.some((other) => other.sql === sql.replace(/view("?)$/, 'view2$1')),
      ),
    );
    if (!view) return undefined;
    const columns = chance.some(0.5) ? view.columns : view.columns.slice(0, 1);
    return [
      `DROP VIEW ${view.sql}`,
      `CREATE VIEW ${view.sql} AS SELECT ${columnsOf(columns)} FROM ${view.of.sql}`,
      ...(chance.some(0.7) ? [`GRANT SELECT ON ${view.sql} TO app`] : []),
    ];
  },
  'alter view': ({ world, chance }) => {
    const view = maybe(chance, world.views);
    return (
      view &&
      `ALTER VIEW ${view.sql} ${chance.pick(['RENAME TO renamed_view', `RENAME COLUMN ${quoted(view.columns[0]!.name)} TO renamed`, 'OWNER TO app', 'SET (security_barrier = true)', 'RESET (security_barrier)', `ALTER COLUMN ${quoted(view.columns[0]!.name)} SET DEFAULT NULL`])}`
    );
  },
  refresh: ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return (
      view &&
      `REFRESH MATERIALIZED VIEW ${view.unique ? chance.pick(['', 'CONCURRENTLY ']) : ''}${view.sql}${chance.some(0.2) && !view.unique ? ' WITH NO DATA' : ''}`
    );
  },
  'drop materialized view': ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return view && `DROP MATERIALIZED VIEW ${view.sql}`;
  },
  'create sequence': ({ chance }) =>
    `CREATE SEQUENCE ${chance.pick(['', 'IF NOT EXISTS '])}public.fresh_numbers`,
  'alter sequence': ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return (
      sequence &&
      `ALTER SEQUENCE ${sequence} ${chance.pick(['RESTART', 'RESTART WITH 1', 'INCREMENT BY 2', 'CACHE 10', 'MAXVALUE 1000000000', 'OWNED BY NONE', 'RENAME TO renamed_numbers', 'OWNER TO postgres'])}`
    );
  },
  'drop sequence': ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return sequence && `DROP SEQUENCE ${sequence}${cascade(chance)}`;
  },
  'create type': ({ chance }) =>
    chance.pick([
      "CREATE TYPE public.fresh_kind AS ENUM ('a', 'b')",
      'CREATE DOMAIN public.fresh_domain AS integer CHECK (VALUE > 0)',
      'CREATE TYPE public.fresh_pair AS (a integer, b text)',
      'CREATE TYPE public.fresh_range AS RANGE (subtype = float8)',
    ]),
  'alter enum': ({ world, chance }) => {
    const type = maybe(chance, world.enums);
    return (
      type &&
      `ALTER TYPE ${type.sql} ${chance.pick(["ADD VALUE 'newest'", "ADD VALUE IF NOT EXISTS 'low'", "ADD VALUE 'middle' AFTER 'low'", "RENAME VALUE 'high' TO 'highest'", 'RENAME TO renamed_kind'])}`
    );
  },
  'alter composite': ({ world, chance }) => {
    const type = maybe(chance, world.composites);
    return (
      type &&
      `ALTER TYPE ${type.sql} ${chance.pick(['ADD ATTRIBUTE more text', 'DROP ATTRIBUTE word', 'ALTER ATTRIBUTE n TYPE bigint', 'RENAME ATTRIBUTE word TO renamed'])}${chance.pick(['', ''])}`
    );
  },
  'drop type': ({ world, chance }) => {
    const type = maybe(chance, [...world.enums, ...world.composites, ...world.domains]);
    return type && `DROP TYPE ${type.sql}${cascade(chance)}`;
  },
  'alter domain': ({ world, chance }) => {
    const domain = maybe(chance, world.domains);
    if (!domain) return undefined;
    const check = domain.base === 'text' ? "VALUE <> 'zzz'" : 'VALUE >= 0';
    return `ALTER DOMAIN ${domain.sql} ${chance.pick([`ADD CONSTRAINT fresh_rule CHECK (${check})`, `ADD CONSTRAINT fresh_rule CHECK (${check}) NOT VALID`, 'DROP NOT NULL', domain.base === 'text' ? "SET DEFAULT 'x'" : 'SET DEFAULT 1', 'DROP DEFAULT', ...domain.checks.flatMap((name) => [`DROP CONSTRAINT ${name}`, `VALIDATE CONSTRAINT ${name}`]), 'RENAME TO renamed_domain'])}`;
  },
  'replace function': ({ chance }) =>
    chance.pick([
      "CREATE OR REPLACE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n'",
      "CREATE FUNCTION public.fresh_call() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ]),
  'drop function': ({ world, chance }) => {
    const { sql, args } = chance.pick(world.functions);
    return `DROP FUNCTION ${sql}(${args})${cascade(chance)}`;
  },
  'drop function in use': () => 'DROP FUNCTION public.touch()',
  'alter function': ({ world, chance }) => {
    const { sql, args } = chance.pick(world.functions);
    return `ALTER FUNCTION ${sql}(${args}) ${chance.pick(['RENAME TO renamed_call', 'VOLATILE', 'SECURITY DEFINER', 'OWNER TO postgres', 'COST 10'])}`;
  },
  'create trigger': ({ table, chance }) =>
    `CREATE TRIGGER fresh_trigger ${chance.pick(['BEFORE INSERT', 'BEFORE UPDATE', 'AFTER UPDATE'])} ON ${table.sql} FOR EACH ROW EXECUTE FUNCTION public.touch()`,
  'drop trigger': ({ table, chance }) => {
    const trigger = maybe(chance, table.triggers);
    return (
      trigger &&
      chance.pick([
        `DROP TRIGGER ${quoted(trigger)} ON ${table.sql}`,
        `ALTER TRIGGER ${quoted(trigger)} ON ${table.sql} RENAME TO renamed_trigger`,
      ])
    );
  },
  rule: ({ table, chance }) => {
    const own = maybe(chance, table.rules);
    return own && chance.some(0.6)
      ? `DROP RULE ${quoted(own)} ON ${table.sql}`
      : table.kind === 'table'
        ? `CREATE RULE fresh_rule AS ON INSERT TO ${table.sql} DO ALSO NOTIFY written`
        : undefined;
  },
  policy: ({ table, chance }) => {
    const own = maybe(chance, table.policies);
    return own
      ? chance.pick([
          `DROP POLICY ${quoted(own)} ON ${table.sql}`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} USING (true)`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} RENAME TO renamed_policy`,
        ])
      : `CREATE POLICY fresh_rows ON ${table.sql} USING (true)`;
  },
  'row security behind a policy': (place) => [
    `CREATE POLICY fresh_rows ON ${place.table.sql} USING (true)`,
    alter('ENABLE ROW LEVEL SECURITY', place)!,
  ],
  publication: ({ world, table, chance }) => {
    const own = maybe(chance, world.publications);
    return chance.pick([
      `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql}`,
      'CREATE PUBLICATION fresh_changes FOR ALL TABLES',
      ...(own ? [`DROP PUBLICATION ${own}`, `ALTER PUBLICATION ${own} SET (publish = 'insert')`] : []),
    ]);
  },
  statistics: (place) => {
    const own = maybe(place.chance, place.world.statistics);
    const [one, two] = place.table.columns.filter(({ kind, generated }) => kind.ordered && !generated);
    return own && place.chance.some(0.5)
      ? `DROP STATISTICS ${own}`
      : one && two
        ? `CREATE STATISTICS public.fresh_stats ON ${columnsOf([one, two])} FROM ${place.table.sql}`
        : undefined;
  },
  comment: ({ table, c, chance }) =>
    chance.pick([`COMMENT ON TABLE ${table.sql} IS 'x'`, `COMMENT ON COLUMN ${table.sql}.${c} IS 'x'`]),
  schema: ({ world, chance }) => {
    const other = world.schemas[1];
    return chance.pick([
      'CREATE SCHEMA fresh_schema',
      'CREATE SCHEMA IF NOT EXISTS public',
      ...(other
        ? [
            `DROP SCHEMA ${other} CASCADE`,
            `ALTER SCHEMA ${other} RENAME TO renamed_schema`,
            `DROP SCHEMA ${other}`,
          ]
        : []),
    ]);
  },
  rights: ({ table, chance }) =>
    chance.pick([
      `GRANT SELECT ON ${table.sql} TO app`,
      `REVOKE SELECT ON ${table.sql} FROM app`,
      `REVOKE TRUNCATE ON ${table.sql} FROM app`,
      `REVOKE ALL ON ${table.sql} FROM app`,
      `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app`,
      'DROP OWNED BY app',
      'REASSIGN OWNED BY app TO postgres',
    ]),
};
