import { ident, literal } from '../names';
import type { Target } from './stage';

/** `%` and quotes of a text that stands in a literal that is given to format(). */
export const inFormat = (sql: string) => sql.replaceAll("'", "''").replaceAll('%', '%%');

/** The attribute number of a column in pg_catalog. */
export const numberOf = ({ sql }: Target, column: string) =>
  `(SELECT attnum FROM pg_attribute WHERE attrelid = ${literal(sql)}::regclass AND attname = ${literal(column)})`;

/** Gives a column the rights, the comment and the target for statistics of another one, whatever they are. */
export function likeness(target: Target, from: string, to: string): string {
  const { sql } = target;
  return `DO $likeness$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT format('GRANT %s (%I) ON ${inFormat(sql)} TO %s%s', privilege_type, ${literal(to)},
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
        CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
      FROM pg_attribute, aclexplode(attacl) WHERE attrelid = ${literal(sql)}::regclass AND attname = ${literal(from)}
    UNION ALL
    SELECT format('COMMENT ON COLUMN ${inFormat(sql)}.%I IS %L', ${literal(to)}, col_description(attrelid, attnum))
      FROM pg_attribute WHERE attrelid = ${literal(sql)}::regclass AND attname = ${literal(from)}
      AND col_description(attrelid, attnum) IS NOT NULL
    UNION ALL
    SELECT format('ALTER TABLE ${inFormat(sql)} ALTER COLUMN %I SET STATISTICS %s', ${literal(to)}, attstattarget)
      FROM pg_attribute WHERE attrelid = ${literal(sql)}::regclass AND attname = ${literal(from)} AND attstattarget >= 0
    UNION ALL
    SELECT format('ALTER TABLE ${inFormat(sql)} ALTER COLUMN %I SET (%s)', ${literal(to)}, array_to_string(attoptions, ', '))
      FROM pg_attribute WHERE attrelid = ${literal(sql)}::regclass AND attname = ${literal(from)} AND attoptions IS NOT NULL
  LOOP
    EXECUTE part.statement;
  END LOOP;
END $likeness$;`;
}

/** Gives the sequences that number a column to another one, which numbers go on in both ways: serial and identity. */
export function moveNumbers(target: Target, from: string, to: string): string {
  const { sql } = target;
  return `DO $numbers$
DECLARE
  own record;
  last record;
  rights text[];
  statement text;
BEGIN
  FOR own IN
    SELECT d.objid::regclass AS name, d.deptype, q.*, a.attidentity, a.atttypid AS former,
      (SELECT atttypid FROM pg_attribute WHERE attrelid = a.attrelid AND attname = ${literal(to)}) AS fresh
    FROM pg_attribute a JOIN pg_depend d ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum JOIN pg_sequence q ON q.seqrelid = d.objid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
      AND a.attrelid = ${literal(sql)}::regclass AND a.attname = ${literal(from)}
  LOOP
    IF own.deptype = 'a' THEN
      EXECUTE format('ALTER SEQUENCE %s OWNED BY ${inFormat(sql)}.%I', own.name, ${literal(to)});
      CONTINUE;
    END IF;
    statement := own.name::text;
    EXECUTE format('SELECT last_value, is_called FROM %s', statement) INTO last;
    rights := ARRAY(SELECT format('GRANT %s ON SEQUENCE %s TO %s', privilege_type, statement,
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
      FROM pg_class, aclexplode(relacl) WHERE oid = own.seqrelid AND grantee <> relowner);
    EXECUTE 'ALTER TABLE ${inFormat(sql).replaceAll('%%', '%')} ALTER COLUMN ' || quote_ident(${literal(from)}) || ' DROP IDENTITY';
    EXECUTE format('ALTER TABLE ${inFormat(sql)} ALTER COLUMN %I ADD GENERATED %s AS IDENTITY (SEQUENCE NAME %s START WITH %s INCREMENT BY %s CACHE %s %s MINVALUE %s%s)',
      ${literal(to)}, CASE own.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, statement, own.seqstart, own.seqincrement,
      own.seqcache, CASE WHEN own.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END, own.seqmin,
      -- the greatest number of the former type was nobody's choice
      CASE WHEN own.seqmax IN (32767, 2147483647, 9223372036854775807) THEN '' ELSE ' MAXVALUE ' || own.seqmax END);
    EXECUTE format('SELECT setval(%L, %s, %L)', statement, last.last_value, last.is_called);
    FOREACH statement IN ARRAY rights LOOP EXECUTE statement; END LOOP;
  END LOOP;
END $numbers$;`;
}

/** Makes the sequences of a column as wide as the column, which PostgreSQL does for identity columns alone. */
export function widenNumbers(target: Target, column: string): string {
  return `DO $numbers$
DECLARE
  own regclass;
BEGIN
  FOR own IN
    SELECT q.seqrelid FROM pg_depend d JOIN pg_sequence q ON q.seqrelid = d.objid JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
      AND a.attrelid = ${literal(target.sql)}::regclass AND a.attname = ${literal(column)} AND a.atttypid = 'bigint'::regtype AND q.seqtypid <> a.atttypid
  LOOP
    EXECUTE format('ALTER SEQUENCE %s AS bigint', own);
  END LOOP;
END $numbers$;`;
}

/** Refuses while anything else than these stands on a column that is about to go, and would go with it unseen. */
export function refuseWhileStanding(
  target: Target,
  column: string,
  instead: string,
  handled: readonly string[],
): string {
  const { sql } = target;
  return `DO $standing$
DECLARE
  left_over text;
BEGIN
  SELECT string_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid), ', ') INTO left_over
  FROM (SELECT ${literal(sql)}::regclass AS relation UNION SELECT relid FROM pg_partition_tree(${literal(sql)}::regclass)) t
  JOIN pg_attribute a ON a.attrelid = t.relation AND a.attname = ${literal(column)}
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
  LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
  WHERE d.classid <> 'pg_attrdef'::regclass AND coalesce(k.contype, '') <> 'n' AND coalesce(k.coninhcount, 0) = 0 AND coalesce(k.conparentid, 0) = 0
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
    AND coalesce(k.conname, c.relname, '') <> ALL (ARRAY[${handled.map(literal).join(', ')}]::text[]);
  IF left_over IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '55000', MESSAGE = format('%s would go with the column %I', left_over, ${literal(column)}),
      HINT = ${literal(`Make it on ${ident(instead)}, drop the one on ${ident(column)}, and run this step again.`)};
  END IF;
END $standing$;`;
}

/** Statistics objects are no more than a wish: they are made again, and filled by the next ANALYZE. */
export function moveStatistics(target: Target, from: string, to: string): string {
  return `DO $statistics$
DECLARE
  own record;
BEGIN
  FOR own IN
    SELECT format('%I.%I', n.nspname, s.stxname) AS name, pg_get_statisticsobjdef(s.oid) AS definition, (to_jsonb(s) ->> 'stxstattarget')::int AS wanted
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
    JOIN pg_attribute a ON a.attrelid = s.stxrelid
    WHERE s.stxrelid = ${literal(target.sql)}::regclass AND a.attname = ${literal(from)}
      -- also where an expression names it
      AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)
  LOOP
    EXECUTE 'DROP STATISTICS ' || own.name;
    EXECUTE regexp_replace(own.definition, '(^|[^\\w"])' || ${literal(ident(from))} || '(?![\\w"])', '\\1' || ${literal(ident(to))}, 'g');
    IF own.wanted >= 0 THEN EXECUTE format('ALTER STATISTICS %s SET STATISTICS %s', own.name, own.wanted); END IF;
  END LOOP;
END $statistics$;`;
}
