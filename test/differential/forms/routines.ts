import { quoted } from '../world/world';
import { alter, cascade, elsewhere, type Forms, maybe, oneOf } from './place';

const functions: Forms = {
  'create function': ({ chance, table }) =>
    chance.pick([
      "CREATE FUNCTION public.fresh_call() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      "CREATE PROCEDURE public.fresh_call() LANGUAGE sql AS 'SELECT 1'",
      `CREATE FUNCTION public.fresh_call() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM ${table.sql}; END`,
      `CREATE FUNCTION public.fresh_call() RETURNS SETOF ${table.sql} LANGUAGE sql AS $$ SELECT * FROM ${table.sql} $$`,
      'CREATE AGGREGATE public.fresh_sum (integer) (SFUNC = int4pl, STYPE = integer, INITCOND = 0)',
      'CREATE OPERATOR public.### (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4pl)',
      'CREATE CAST (text AS money) WITH INOUT',
      'CREATE FUNCTION public.twice(n bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT n * 2 $$',
    ]),
  'replace function': ({ chance }) =>
    chance.pick([
      "CREATE OR REPLACE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n'",
      "CREATE OR REPLACE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ]),
  'drop function': ({ world, chance }) => {
    const { sql, args } = chance.pick(world.functions);
    return `DROP ${chance.pick(['FUNCTION', 'FUNCTION IF EXISTS', 'ROUTINE'])} ${sql}(${args})${cascade(chance)}`;
  },
  'drop function in use': ({ chance }) => `DROP FUNCTION public.touch()${cascade(chance)}`,
  'alter function': (place) => {
    const { sql, args } = place.chance.pick(place.world.functions);
    const other = elsewhere(place, sql);
    return `ALTER ${oneOf(place, 'FUNCTION', 'ROUTINE')} ${sql}(${args}) ${oneOf(place, 'RENAME TO renamed_call', 'VOLATILE', 'SECURITY DEFINER', 'OWNER TO postgres', 'COST 10', "SET search_path = ''", other && `SET SCHEMA ${other}`)}`;
  },
};

const triggers: Forms = {
  'create trigger': (place) =>
    `CREATE ${oneOf(place, '', '', 'OR REPLACE ')}TRIGGER fresh_trigger ${oneOf(place, 'BEFORE INSERT', 'BEFORE UPDATE', 'AFTER UPDATE', `AFTER UPDATE OF ${place.c}`)} ON ${place.table.sql} FOR EACH ROW EXECUTE FUNCTION public.touch()`,
  'create trigger of statements': (place) =>
    `CREATE TRIGGER fresh_trigger AFTER INSERT ON ${place.table.sql} ${oneOf(place, '', 'REFERENCING NEW TABLE AS fresh_rows ')}FOR EACH STATEMENT EXECUTE FUNCTION public.touch()`,
  'create constraint trigger': ({ table }) =>
    `CREATE CONSTRAINT TRIGGER fresh_trigger AFTER INSERT ON ${table.sql} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.touch()`,
  'drop trigger': (place) => {
    const trigger = maybe(place.chance, place.table.triggers);
    return (
      trigger &&
      oneOf(
        place,
        `DROP TRIGGER ${quoted(trigger)} ON ${place.table.sql}`,
        `DROP TRIGGER IF EXISTS ${quoted(trigger)} ON ${place.table.sql} CASCADE`,
        `ALTER TRIGGER ${quoted(trigger)} ON ${place.table.sql} RENAME TO renamed_trigger`,
      )
    );
  },
  'drop trigger that is not there': ({ table }) => `DROP TRIGGER IF EXISTS never_there ON ${table.sql}`,
  'trigger made again': ({ table, chance }) => {
    const trigger = maybe(chance, table.triggers);
    return (
      trigger && [
        `DROP TRIGGER IF EXISTS ${quoted(trigger)} ON ${table.sql}`,
        `CREATE TRIGGER ${quoted(trigger)} BEFORE UPDATE ON ${table.sql} FOR EACH ROW EXECUTE FUNCTION public.touch()`,
      ]
    );
  },
};

const rules: Forms = {
  rule: (place) => {
    const { table, chance } = place;
    const own = maybe(chance, table.rules);
    if (own && chance.some(0.6))
      return oneOf(
        place,
        `DROP RULE ${quoted(own)} ON ${table.sql}`,
        `ALTER RULE ${quoted(own)} ON ${table.sql} RENAME TO renamed_rule`,
        `CREATE OR REPLACE RULE ${quoted(own)} AS ON DELETE TO ${table.sql} DO ALSO NOTHING`,
      );
    return table.kind === 'table'
      ? oneOf(
          place,
          `CREATE RULE fresh_rule AS ON INSERT TO ${table.sql} DO ALSO NOTIFY written`,
          `CREATE RULE fresh_rule AS ON DELETE TO ${table.sql} DO ALSO NOTIFY written`,
          `CREATE RULE fresh_rule AS ON UPDATE TO ${table.sql} DO ALSO NOTHING`,
        )
      : undefined;
  },
};

const policies: Forms = {
  policy: (place) => {
    const { table, chance } = place;
    const own = maybe(chance, table.policies);
    return own
      ? oneOf(
          place,
          `DROP POLICY ${quoted(own)} ON ${table.sql}`,
          `DROP POLICY IF EXISTS ${quoted(own)} ON ${table.sql}`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} USING (true)`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} TO app`,
          `ALTER POLICY ${quoted(own)} ON ${table.sql} RENAME TO renamed_policy`,
        )
      : oneOf(
          place,
          `CREATE POLICY fresh_rows ON ${table.sql} USING (true)`,
          `CREATE POLICY fresh_rows ON ${table.sql} FOR SELECT TO app USING (true)`,
          `DROP POLICY IF EXISTS never_there ON ${table.sql}`,
        );
  },
  'restrictive policy': ({ table }) => `CREATE POLICY fresh_rows ON ${table.sql} AS RESTRICTIVE USING (true)`,
  'policy that hides': ({ table }) => `CREATE POLICY fresh_rows ON ${table.sql} AS RESTRICTIVE USING (false)`,
  'row security behind a policy': (place) => [
    `CREATE POLICY fresh_rows ON ${place.table.sql} ${oneOf(place, '', '', 'FOR SELECT ', 'TO app ')}USING (true)`,
    alter('ENABLE ROW LEVEL SECURITY', place)!,
  ],
  'policy made again': ({ table, chance }) => {
    const own = maybe(chance, table.policies);
    return (
      own && [
        `DROP POLICY ${quoted(own)} ON ${table.sql}`,
        `CREATE POLICY ${quoted(own)} ON ${table.sql} USING (true)`,
      ]
    );
  },
};

/** Statements about functions, and about what hangs on a table and calls something. */
export const routineStatements: Forms = { ...functions, ...triggers, ...rules, ...policies };
