import { quoted } from '../world/world';
import { cascade, elsewhere, type Forms, maybe, oneOf } from './place';

/** Statements about sequences and types. */
export const typeStatements: Forms = {
  'create sequence': ({ chance, table, column }) =>
    `CREATE SEQUENCE ${chance.pick(['', 'IF NOT EXISTS '])}fresh_numbers${chance.pick(['', ' AS bigint START 5 CACHE 10', ` OWNED BY ${table.schema === 'public' ? `${table.sql}.${quoted(column.name)}` : 'NONE'}`])}`,
  'alter sequence': (place) => {
    const { world, chance, table, column } = place;
    const sequence = maybe(chance, world.sequences);
    const other = elsewhere(place, sequence ?? '');
    return (
      sequence &&
      `ALTER SEQUENCE ${chance.pick(['', 'IF EXISTS '])}${sequence} ${oneOf(place, 'RESTART', 'RESTART WITH 1', 'RESTART WITH 2000000', 'INCREMENT BY 2', 'CACHE 10', 'MAXVALUE 1000000000', 'MINVALUE 1', 'NO CYCLE', 'AS bigint', 'OWNED BY NONE', sequence.startsWith(`${table.schema}.`) && `OWNED BY ${table.sql}.${quoted(column.name)}`, 'RENAME TO renamed_numbers', 'OWNER TO postgres', 'OWNER TO app', other && `SET SCHEMA ${other}`, world.major >= 15 && 'SET LOGGED')}`
    );
  },
  'drop sequence': ({ world, chance }) => {
    const sequence = maybe(chance, world.sequences);
    return sequence && `DROP SEQUENCE ${chance.pick(['', 'IF EXISTS '])}${sequence}${cascade(chance)}`;
  },
  'create type': ({ chance }) =>
    chance.pick([
      "CREATE TYPE public.fresh_kind AS ENUM ('a', 'b')",
      'CREATE DOMAIN public.fresh_domain AS integer CHECK (VALUE > 0)',
      'CREATE TYPE public.fresh_pair AS (a integer, b text)',
      'CREATE TYPE public.fresh_range AS RANGE (subtype = float8)',
      'CREATE COLLATION public.fresh_collation FROM "C"',
      'CREATE TYPE public.fresh_shell',
    ]),
  'alter enum': (place) => {
    const type = maybe(place.chance, place.world.enums);
    const other = elsewhere(place, type?.sql ?? '');
    return (
      type &&
      `ALTER TYPE ${type.sql} ${oneOf(place, "ADD VALUE 'newest'", "ADD VALUE IF NOT EXISTS 'low'", "ADD VALUE 'middle' AFTER 'low'", "RENAME VALUE 'high' TO 'highest'", 'RENAME TO renamed_kind', 'OWNER TO app', other && `SET SCHEMA ${other}`)}`
    );
  },
  'enum value used at once': ({ world, table, chance, column, c }) => {
    const type = maybe(chance, world.enums);
    return type && column.kind.id === 'enum'
      ? [`ALTER TYPE ${type.sql} ADD VALUE 'newest'`, `UPDATE ${table.sql} SET ${c} = 'newest' WHERE false`]
      : undefined;
  },
  'alter composite': (place) => {
    const type = maybe(place.chance, place.world.composites);
    const other = elsewhere(place, type?.sql ?? '');
    return (
      type &&
      `ALTER TYPE ${type.sql} ${oneOf(place, 'ADD ATTRIBUTE more text', 'ADD ATTRIBUTE more text CASCADE', 'DROP ATTRIBUTE word', 'DROP ATTRIBUTE IF EXISTS never', 'ALTER ATTRIBUTE n TYPE bigint', 'ALTER ATTRIBUTE n TYPE bigint CASCADE', 'RENAME ATTRIBUTE word TO renamed', 'RENAME TO renamed_pair', 'OWNER TO app', other && `SET SCHEMA ${other}`)}`
    );
  },
  'drop type': ({ world, chance }) => {
    const type = maybe(chance, [...world.enums, ...world.composites, ...world.domains]);
    return (
      type &&
      `DROP ${world.domains.some(({ sql }) => sql === type.sql) && chance.some(0.5) ? 'DOMAIN' : 'TYPE'} ${chance.pick(['', 'IF EXISTS '])}${type.sql}${cascade(chance)}`
    );
  },
  'alter domain': (place) => {
    const domain = maybe(place.chance, place.world.domains);
    if (!domain) return undefined;
    const check = domain.base === 'text' ? "VALUE <> 'zzz'" : 'VALUE >= 0';
    const other = elsewhere(place, domain?.sql ?? '');
    return `ALTER DOMAIN ${domain.sql} ${oneOf(
      place,
      `ADD CONSTRAINT fresh_rule CHECK (${check})`,
      `ADD CONSTRAINT fresh_rule CHECK (${check}) NOT VALID`,
      'DROP NOT NULL',
      domain.base === 'integer' && 'SET NOT NULL',
      domain.base === 'text' ? "SET DEFAULT 'x'" : 'SET DEFAULT 1',
      'DROP DEFAULT',
      ...domain.checks.flatMap((name) => [
        `DROP CONSTRAINT ${name}`,
        `VALIDATE CONSTRAINT ${name}`,
        `RENAME CONSTRAINT ${name} TO renamed_rule`,
      ]),
      'DROP CONSTRAINT IF EXISTS never_there',
      'RENAME TO renamed_domain',
      'OWNER TO app',
      other && `SET SCHEMA ${other}`,
    )}`;
  },
};
