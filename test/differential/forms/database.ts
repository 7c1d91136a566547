import { columnsOf, quoted } from '../world/world';
import { type Forms, maybe, oneOf } from './place';

/** Statements about what is around tables: publications, statistics, comments, schemas, rights, roles. */
export const databaseStatements: Forms = {
  publication: (place) => {
    const { world, table, chance, column } = place;
    const own = maybe(chance, world.publications);
    const [key] = table.primary?.columns ?? [];
    return oneOf(
      place,
      `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql}`,
      `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql} WITH (publish = 'insert')`,
      `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql} (${quoted(column.name)})`,
      key && `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql} WHERE (${quoted(key)} IS NOT NULL)`,
      `CREATE PUBLICATION fresh_changes FOR TABLE ${table.sql} WHERE (${quoted(column.name)} IS NOT NULL)`,
      'CREATE PUBLICATION fresh_changes FOR ALL TABLES',
      "CREATE PUBLICATION fresh_changes FOR ALL TABLES WITH (publish = 'insert, truncate')",
      `CREATE PUBLICATION fresh_changes FOR TABLES IN SCHEMA ${table.schema}`,
      'CREATE PUBLICATION fresh_changes',
      own && `DROP PUBLICATION ${own}`,
      own && `ALTER PUBLICATION ${own} SET (publish = 'insert')`,
      own && `ALTER PUBLICATION ${own} SET TABLE ${table.sql}`,
      own && `ALTER PUBLICATION ${own} ADD TABLE ${table.sql}`,
      own && `ALTER PUBLICATION ${own} RENAME TO renamed_changes`,
      own && `ALTER PUBLICATION ${own} OWNER TO postgres`,
    );
  },
  statistics: (place) => {
    const own = maybe(place.chance, place.world.statistics);
    const [one, two] = place.table.columns.filter(
      ({ kind, generated }) => kind.ordered && generated !== 'VIRTUAL',
    );
    return own && place.chance.some(0.5)
      ? oneOf(
          place,
          `DROP STATISTICS ${own}`,
          `ALTER STATISTICS ${own} SET STATISTICS 500`,
          `ALTER STATISTICS ${own} RENAME TO renamed_stats`,
          `ALTER STATISTICS ${own} OWNER TO postgres`,
        )
      : one && two
        ? `CREATE STATISTICS public.fresh_stats ON ${columnsOf([one, two])} FROM ${place.table.sql}`
        : undefined;
  },
  comment: (place) => {
    const { table, c, world } = place;
    const rule = table.checks[0] && quoted(table.checks[0].name);
    return oneOf(
      place,
      `COMMENT ON TABLE ${table.sql} IS 'x'`,
      `COMMENT ON COLUMN ${table.sql}.${c} IS 'x'`,
      `COMMENT ON SCHEMA ${table.schema} IS 'x'`,
      rule && `COMMENT ON CONSTRAINT ${rule} ON ${table.sql} IS NULL`,
      table.triggers[0] && `COMMENT ON TRIGGER ${quoted(table.triggers[0])} ON ${table.sql} IS 'x'`,
      table.policies[0] && `COMMENT ON POLICY ${quoted(table.policies[0])} ON ${table.sql} IS 'x'`,
      table.indexes[0] && `COMMENT ON INDEX ${table.schema}.${quoted(table.indexes[0].name)} IS 'x'`,
      world.views[0] && `COMMENT ON VIEW ${world.views[0].sql} IS 'x'`,
      world.enums[0] && `COMMENT ON TYPE ${world.enums[0].sql} IS 'x'`,
      'COMMENT ON FUNCTION public.twice(integer) IS NULL',
      'COMMENT ON SEQUENCE public.shared IS NULL',
    );
  },
  schema: (place) => {
    const other = place.world.schemas[1];
    return oneOf(
      place,
      'CREATE SCHEMA fresh_schema',
      'CREATE SCHEMA fresh_schema CREATE TABLE fresh (id integer PRIMARY KEY) CREATE INDEX ON fresh (id)',
      'CREATE SCHEMA IF NOT EXISTS public',
      place.chance.some(0.3) && 'DROP SCHEMA IF EXISTS never_there CASCADE',
      'ALTER SCHEMA public OWNER TO postgres',
      other && `DROP SCHEMA ${other} CASCADE`,
      other && `ALTER SCHEMA ${other} RENAME TO renamed_schema`,
      other && `DROP SCHEMA ${other}`,
    );
  },
  rights: (place) => {
    const { table, c, world } = place;
    const [sequence] = world.sequences;
    return oneOf(
      place,
      `GRANT SELECT ON ${table.sql} TO app`,
      `GRANT SELECT (${c}) ON ${table.sql} TO app WITH GRANT OPTION`,
      `REVOKE SELECT ON ${table.sql} FROM app`,
      `REVOKE SELECT (${c}) ON ${table.sql} FROM app`,
      `REVOKE TRUNCATE ON ${table.sql} FROM app`,
      `REVOKE ALL ON ${table.sql} FROM app`,
      `REVOKE ALL ON ${table.sql} FROM PUBLIC`,
      `REVOKE GRANT OPTION FOR SELECT ON ${table.sql} FROM app`,
      `REVOKE USAGE ON SCHEMA ${table.schema} FROM app`,
      `REVOKE INSERT ON ALL TABLES IN SCHEMA ${table.schema} FROM app CASCADE`,
      `REVOKE ALL ON SEQUENCE ${sequence} FROM app`,
      'REVOKE EXECUTE ON FUNCTION public.twice(integer) FROM PUBLIC',
      'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC',
      'GRANT EXECUTE ON FUNCTION public.twice(integer) TO app',
      'GRANT pg_read_all_data TO app',
      `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${table.schema} REVOKE ALL ON TABLES FROM app`,
      'DROP OWNED BY app',
      'REASSIGN OWNED BY app TO postgres',
      world.enums[0] && `REVOKE USAGE ON TYPE ${world.enums[0].sql} FROM PUBLIC`,
    );
  },
  roles: (place) =>
    oneOf(
      place,
      'CREATE ROLE fresh_role',
      "ALTER ROLE app SET statement_timeout = '5s'",
      'ALTER ROLE app CONNECTION LIMIT 100',
      'ALTER ROLE app RESET ALL',
      'DROP ROLE IF EXISTS never_there',
      "ALTER DATABASE postgres SET lock_timeout = '5s'",
      'ALTER ROLE app NOLOGIN',
      'ALTER ROLE app RENAME TO renamed_role',
    ),
  session: (place) =>
    oneOf(
      place,
      "SET lock_timeout = '2s'",
      "SET LOCAL statement_timeout = '1min'",
      "SELECT set_config('search_path', 'public', false)",
      'RESET lock_timeout',
      'SHOW server_version',
      'SET CONSTRAINTS ALL DEFERRED',
      'SELECT 1',
      'SELECT pg_advisory_xact_lock(1)',
      `SELECT count(*) FROM ${place.table.sql}`,
      `NOTIFY fresh_channel`,
    ),
  'do nothing': () => 'DO $$ BEGIN NULL; END $$',
};
