import { ident, literal, made, qualified } from '../names';
import { alter } from './names';
import type { Target } from './stage';

/** Makes a trigger that fills one column from another, whoever writes. */
export interface Sync {
  create: string;
  drop: string;
}

export function sync(target: Target, name: string, body: string): Sync {
  const trigger = made('sync', target.name, name);
  const call = `${qualified(target.schema, trigger)}()`;
  return {
    create: `CREATE FUNCTION ${call} RETURNS trigger LANGUAGE plpgsql AS $sync$
BEGIN
${body}
  RETURN NEW;
END $sync$;
CREATE TRIGGER ${ident(trigger)} BEFORE INSERT OR UPDATE ON ${target.sql}
  FOR EACH ROW EXECUTE FUNCTION ${call};`,
    drop: `DROP TRIGGER ${ident(trigger)} ON ${target.sql};\nDROP FUNCTION ${call};`,
  };
}

/** Types that have no equality: they are compared as text. */
const WITHOUT_EQUALITY = new Set(['json', 'xml', 'point', 'polygon', 'jsonpath']);

/** Whether two values of a type are different ones; internal name of the type. */
export const differ = (left: string, right: string, type = ''): string =>
  WITHOUT_EQUALITY.has(type.replace(/^_/, ''))
    ? `${left}::text IS DISTINCT FROM ${right}::text`
    : `${left} IS DISTINCT FROM ${right}`;

/** Both columns are the same one for as long as two versions write: the one that was given counts. */
export function bothWays(target: Target, before: string, after: string, type?: string): Sync {
  const [a, b] = [ident(before), ident(after)];
  return sync(
    target,
    made(before, after),
    `  IF TG_OP = 'INSERT' THEN
    -- a default can only be on ${a}, so ${b} has a value only when it was given
    IF NEW.${b} IS NULL THEN NEW.${b} := NEW.${a}; ELSE NEW.${a} := NEW.${b}; END IF;
  ELSIF ${differ(`NEW.${b}`, `OLD.${b}`, type)} THEN
    NEW.${a} := NEW.${b};
  ELSE
    NEW.${b} := NEW.${a};
  END IF;`,
  );
}

export const oneWay = (target: Target, from: string, to: string, expression: string): Sync =>
  sync(target, made(from, to), `  NEW.${ident(to)} := ${expression};`);

/** Moves the default of one column to another, whatever it is. */
export const moveDefault = (target: Target, from: string, to: string): string =>
  `DO $default$
BEGIN
  EXECUTE (
    SELECT format('ALTER TABLE ${target.sql.replaceAll("'", "''").replaceAll('%', '%%')} ALTER COLUMN %I SET DEFAULT %s', ${literal(to)}, pg_get_expr(adbin, adrelid))
    FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
    WHERE adrelid = ${literal(target.sql)}::regclass AND attname = ${literal(from)}
  );
END $default$;
${alter(target, `ALTER COLUMN ${ident(from)} DROP DEFAULT`)}`;
