import { BOUNDS } from '../world/partitioned';
import { quoted } from '../world/world';
import { alter, type Forms, maybe, oneOf, type Place, partitioned } from './place';

/** What only a database can say: seldom, for the files know none of it. */
const seldom = ({ chance }: Place) => chance.some(0.06);

/** Statements that PostgreSQL refuses for what there is, or that take rights from whoever works by them. */
export const unfitStatements: Forms = {
  'name that nobody has': (place) => {
    if (!seldom(place)) return undefined;
    const { table } = place;
    return oneOf(
      place,
      `ALTER TABLE ${table.sql} OWNER TO nobody`,
      `GRANT SELECT ON ${table.sql} TO nobody`,
      `CREATE POLICY fresh_rows ON ${table.sql} TO nobody USING (true)`,
      `DROP TRIGGER never_there ON ${table.sql}`,
      `ALTER TABLE ${table.sql} ENABLE TRIGGER never_there`,
      `ALTER POLICY never_there ON ${table.sql} USING (true)`,
      `ALTER TABLE ${table.sql} SET TABLESPACE never_there`,
      'ALTER PUBLICATION never_there ADD TABLE public.never_there',
      'DROP STATISTICS never_there',
      'DROP ROLE never_there',
      'CREATE EXTENSION never_there',
      'DROP FUNCTION public.twice(bigint)',
      'ALTER FUNCTION public.twice(text) STABLE',
      'CREATE ROLE app',
      place.world.statistics[0] &&
        `CREATE STATISTICS ${place.world.statistics[0]} ON oid, relname FROM pg_class`,
    );
  },
  'another function in its place': (place) =>
    oneOf(
      place,
      "CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      "CREATE OR REPLACE FUNCTION public.twice(n integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
      "CREATE OR REPLACE FUNCTION public.twice(m integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      "CREATE OR REPLACE FUNCTION public.twice(n integer DEFAULT 5) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'",
      "CREATE OR REPLACE PROCEDURE public.twice(n integer) LANGUAGE sql AS 'SELECT 1'",
    ),
  'partition beside others': (place) => {
    const parent = partitioned(place);
    if (!parent?.strategy) return undefined;
    const fresh = `CREATE TABLE ${parent.schema}.fresh_part PARTITION OF ${parent.sql}`;
    const [first] = BOUNDS[parent.strategy].parts;
    return oneOf(
      place,
      `${fresh} FOR VALUES ${first}`,
      parent.hasDefault && `${fresh} DEFAULT`,
      parent.strategy === 'range' && `${fresh} FOR VALUES FROM (100) TO (2500)`,
      parent.strategy === 'range' && `${fresh} FOR VALUES FROM (MINVALUE) TO (0)`,
      parent.strategy === 'range' && `${fresh} FOR VALUES FROM (2500) TO (2000)`,
      parent.strategy === 'list' && `${fresh} FOR VALUES IN ('new', 'a')`,
      parent.strategy !== 'list' && `${fresh} FOR VALUES IN (5000)`,
      parent.strategy === 'hash' && `${fresh} FOR VALUES WITH (MODULUS 3, REMAINDER 1)`,
      parent.strategy === 'hash' && `${fresh} DEFAULT`,
      `ALTER TABLE ${parent.sql} ATTACH PARTITION ${place.chance.pick(parent.partitions)} FOR VALUES ${first}`,
    );
  },
  'what a publication publishes': ({ world, chance }) => {
    const own = maybe(chance, world.publications);
    return (
      own &&
      `ALTER PUBLICATION ${own} SET (${chance.pick(["publish = 'insert, update'", "publish = 'delete'", "publish = 'truncate'", 'publish_via_partition_root = true'])})`
    );
  },
  'key of an index': (place) => {
    const index = maybe(
      place.chance,
      place.table.indexes.filter(({ unique, plain }) => unique && plain),
    );
    if (!index || place.table.kind !== 'table') return undefined;
    const using = `UNIQUE USING INDEX ${quoted(index.name)}`;
    return alter(
      oneOf(
        place,
        `ADD CONSTRAINT fresh_uk ${using}`,
        `ADD CONSTRAINT fresh_uk ${using} DEFERRABLE`,
        `ADD CONSTRAINT fresh_uk ${using}, ADD CONSTRAINT fresh_twice ${using}`,
      ),
      place,
    );
  },
  'trigger that cannot be': ({ table, chance }) =>
    `CREATE TRIGGER fresh_trigger ${chance.pick([
      `BEFORE DELETE ON ${table.sql} FOR EACH ROW WHEN (NEW IS NOT NULL)`,
      `AFTER INSERT ON ${table.sql} FOR EACH ROW WHEN (OLD IS NOT NULL)`,
      `BEFORE UPDATE OF never_there ON ${table.sql} FOR EACH ROW`,
      `BEFORE INSERT ON ${table.sql} REFERENCING NEW TABLE AS fresh_rows FOR EACH STATEMENT`,
    ])} EXECUTE FUNCTION public.touch()`,
  'heir that is not like it': (place) => {
    const { table, world } = place;
    const heir = maybe(place.chance, world.heirs);
    return oneOf(
      place,
      `ALTER TABLE ${table.sql} INHERIT ${place.chance.pick(world.tables).sql}`,
      heir && `ALTER TABLE ${heir.sql} INHERIT ${heir.of.sql}`,
      heir && `ALTER TABLE ${heir.of.sql} INHERIT ${heir.sql}`,
    );
  },
  'virtual column of a function': ({ table, column, world, c }) =>
    world.major >= 18 && column.kind.id === 'int'
      ? `ALTER TABLE ${table.sql} ADD COLUMN fresh integer GENERATED ALWAYS AS (public.twice(${c})) VIRTUAL`
      : undefined,
  'twice in one statement': ({ table }) =>
    `ALTER TABLE ${table.sql} SET TABLESPACE pg_default, SET TABLESPACE pg_default`,
  'owner that is at work': (place) => {
    const { table, world } = place;
    const [sequence] = world.sequences;
    return [
      `ALTER TABLE ${table.sql} OWNER TO app`,
      oneOf(
        place,
        `ALTER TABLE ${table.sql} OWNER TO postgres`,
        'REASSIGN OWNED BY app TO postgres',
        `ALTER SEQUENCE ${sequence} OWNER TO app`,
        `ALTER SCHEMA ${table.schema} OWNER TO app`,
      )!,
    ];
  },
  'view that asks its reader': (place) => {
    const view = maybe(place.chance, place.world.views);
    return (
      view && [
        `REVOKE ALL ON ${view.of.sql} FROM app`,
        `ALTER VIEW ${view.sql} ${oneOf(place, 'SET (security_invoker = true)', 'OWNER TO app')}`,
      ]
    );
  },
};
