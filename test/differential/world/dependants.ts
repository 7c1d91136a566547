import type { Made } from './kinds';
import { insertRows } from './tables';
import { type Column, columnsOf, list, MANY, quoted, type Table } from './world';

type Hang = (made: Made, table: Table, column: Column, at: (suffix: string) => string) => void;

const views: Hang = ({ world, chance }, table, column, at) => {
  const shown = chance.shuffled(table.columns).slice(0, 2);
  const options = chance.pick(['', '', ' WITH (security_barrier)', ' WITH (security_invoker)']);
  const checked = chance.some(0.15) && !column.generated ? ' WITH CHECK OPTION' : '';
  const where = checked ? ` WHERE ${quoted(column.name)} IS NOT NULL OR true` : '';
  world.views.push({ sql: at('view'), of: table, columns: shown, ...(where && { where }) });
  world.setup.push(
    `CREATE VIEW ${at('view')}${options} AS SELECT ${columnsOf(shown)} FROM ${table.sql}${where}${checked}`,
  );
  if (chance.some(0.3)) {
    world.views.push({ sql: at('view2'), of: table, columns: shown });
    world.setup.push(`CREATE VIEW ${at('view2')} AS SELECT * FROM ${at('view')}`);
  }
  if (chance.some(0.15)) {
    world.setup.push(
      `CREATE VIEW ${at('counts')} AS SELECT ${quoted(column.name)} IS NULL AS empty, count(*) AS rows FROM ${table.sql} GROUP BY 1`,
    );
    world.uses.push(`SELECT empty, rows FROM ${at('counts')} LIMIT 1`);
  }
  const other = chance.pick(world.tables);
  if (other !== table && chance.some(0.15)) {
    const of = chance.pick(other.columns);
    world.setup.push(
      `CREATE VIEW ${at('joined')} AS SELECT a.${quoted(column.name)} AS one, b.${quoted(of.name)} AS other FROM ${table.sql} a CROSS JOIN LATERAL (SELECT * FROM ${other.sql} LIMIT 1) b`,
    );
    world.uses.push(`SELECT one, other FROM ${at('joined')} LIMIT 1`);
  }
};

const materialized: Hang = ({ world, chance }, table, column, at) => {
  world.setup.push(
    `CREATE MATERIALIZED VIEW ${at('mat')} AS SELECT row_number() OVER () AS n, ${quoted(column.name)} FROM ${table.sql}`,
  );
  const unique = chance.some(0.6) ? `${table.name}_mat_n` : undefined;
  if (unique) world.setup.push(`CREATE UNIQUE INDEX ${quoted(unique)} ON ${at('mat')} (n)`);
  world.materialized.push({ sql: at('mat'), of: table, unique });
  if (chance.some(0.15)) {
    world.setup.push(`CREATE VIEW ${at('matview')} AS SELECT n FROM ${at('mat')}`);
    world.uses.push(`SELECT n FROM ${at('matview')} LIMIT 1`);
  }
};

const triggers: Hang = ({ world, chance }, table, column) => {
  const c = quoted(column.name);
  const trigger = `${table.name}_touch`;
  table.triggers.push(trigger);
  const event = chance.pick([`UPDATE OF ${c}`, 'UPDATE', 'INSERT']);
  const when = chance.some(0.3) && !column.generated ? ` WHEN (NEW.${c} IS NOT NULL)` : '';
  const how = chance.pick(['row', 'row', 'row', 'after', 'statement', 'constraint']);
  const sql = {
    row: `CREATE TRIGGER ${quoted(trigger)} BEFORE ${event} ON ${table.sql} FOR EACH ROW${when}`,
    after: `CREATE TRIGGER ${quoted(trigger)} AFTER ${event} ON ${table.sql} FOR EACH ROW${when}`,
    statement: `CREATE TRIGGER ${quoted(trigger)} AFTER INSERT OR UPDATE ON ${table.sql} FOR EACH STATEMENT`,
    constraint: `CREATE CONSTRAINT TRIGGER ${quoted(trigger)} AFTER ${event} ON ${table.sql} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW${when}`,
  }[how]!;
  world.setup.push(`${sql} EXECUTE FUNCTION public.touch()`);
};

const policies: Hang = ({ world, chance }, table, column) => {
  const c = quoted(column.name);
  const policy = `${table.name}_rows`;
  table.policies.push(policy);
  const whom = chance.pick(['', '', ' TO app', ' FOR ALL TO PUBLIC']);
  world.setup.push(
    `CREATE POLICY ${quoted(policy)} ON ${table.sql}${whom} USING (${chance.some(0.5) ? `${c} IS NOT NULL OR true` : 'true'})`,
  );
  if (chance.some(0.15)) {
    table.policies.push(`${table.name}_more`);
    world.setup.push(
      `CREATE POLICY ${quoted(`${table.name}_more`)} ON ${table.sql} AS RESTRICTIVE FOR SELECT USING (true)`,
    );
  }
  if (chance.some(0.6)) {
    table.secured = true;
    world.setup.push(`ALTER TABLE ${table.sql} ENABLE ROW LEVEL SECURITY`);
  }
};

const rules: Hang = ({ world }, table) => {
  table.rules.push(`${table.name}_rule`);
  world.setup.push(
    `CREATE RULE ${quoted(`${table.name}_rule`)} AS ON DELETE TO ${table.sql} DO ALSO NOTIFY gone`,
  );
};

const functions: Hang = ({ world, chance }, table, column, at) => {
  if (!column.kind.ordered) return;
  const c = quoted(column.name);
  const call = `${at('newest')}()`;
  const body = chance.pick([
    `LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(${c}) FROM ${table.sql}; END`,
    `LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(${c}) FROM ${table.sql}; END`,
    `LANGUAGE sql STABLE AS $$ SELECT count(${c}) FROM ${table.sql} $$`,
    `LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(${c}) FROM ${table.sql}); END $$`,
  ]);
  world.functions.push({ sql: at('newest'), args: '', call });
  world.setup.push(`CREATE FUNCTION ${call} RETURNS bigint ${body}`);
  if (chance.some(0.3)) {
    world.functions.push({ sql: at('of'), args: table.sql, call: `${at('of')}(NULL)` });
    world.setup.push(
      `CREATE FUNCTION ${at('of')}(was ${table.sql}) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1'`,
    );
  }
};

const publications: Hang = ({ world, chance }, table) => {
  if (table.unlogged) return;
  const publication = `${table.name}_changes`;
  const columns =
    table.primary && table.kind === 'table' && chance.some(0.3) ? ` (${list(table.primary.columns)})` : '';
  const [key] = table.primary?.columns ?? [];
  const where =
    key && table.kind === 'table' && chance.some(0.2) ? ` WHERE (${quoted(key)} IS NOT NULL)` : '';
  if (!table.primary && chance.some(0.9)) return;
  world.publications.push(quoted(publication));
  world.setup.push(`CREATE PUBLICATION ${quoted(publication)} FOR TABLE ${table.sql}${columns}${where}`);
};

const statistics: Hang = ({ world, chance }, table, _column, at) => {
  const [one, two] = table.columns.filter(({ kind, generated }) => kind.ordered && !generated);
  if (!one || !two) return;
  world.statistics.push(at('stats'));
  const what = chance.some(0.2)
    ? `(coalesce(${quoted(one.name)})), ${quoted(two.name)}`
    : list([one.name, two.name]);
  world.setup.push(`CREATE STATISTICS ${at('stats')} ON ${what} FROM ${table.sql}`);
};

const heirs: Hang = ({ world }, table, _column, at) => {
  if (table.kind !== 'table') return;
  world.heirs.push({ sql: at('heirs'), of: table });
  world.setup.push(
    `CREATE TABLE ${at('heirs')} (more integer) INHERITS (${table.sql})`,
    insertRows({ ...table, sql: at('heirs') }, MANY, 20_000),
  );
  if (!table.secured) table.rows += MANY;
};

/** A table whose rows are values in another one. */
const rowsElsewhere: Hang = ({ world }, table, _column, at) => {
  world.setup.push(
    `CREATE TABLE ${at('copies')} (id integer PRIMARY KEY, was ${table.sql})`,
    `INSERT INTO ${at('copies')} VALUES (1, NULL)`,
  );
};

const HANGS: [chance: number, hang: Hang][] = [
  [0.35, views],
  [0.2, materialized],
  [0.25, triggers],
  [0.2, policies],
  [0.1, rules],
  [0.2, functions],
  [0.15, publications],
  [0.2, statistics],
  [0.08, heirs],
  [0.08, rowsElsewhere],
];

/** What hangs on a table: views, triggers, policies and the like. */
export function dependants(made: Made, table: Table) {
  const { chance } = made;
  const at = (suffix: string) => `${table.schema}.${quoted(`${table.name}_${suffix}`)}`;
  for (const [p, hang] of HANGS) if (chance.some(p)) hang(made, table, chance.pick(table.columns), at);
}
