import type { Made } from './kinds';
import { insertRows } from './tables';
import { columnsOf, list, MANY, quoted, type Table } from './world';

/** What hangs on a table: views, triggers, policies and the like. */
export function dependants(made: Made, table: Table) {
  const { world, chance } = made;
  const some = (p: number) => chance.some(p);
  const column = chance.pick(table.columns);
  const c = quoted(column.name);
  const name = table.name;
  const at = (suffix: string) => `${table.schema}.${quoted(`${name}_${suffix}`)}`;
  if (some(0.35)) {
    const shown = chance.shuffled(table.columns).slice(0, 2);
    const options = chance.pick(['', '', ' WITH (security_barrier)', ' WITH (security_invoker)']);
    world.views.push({ sql: at('view'), of: table, columns: shown });
    world.setup.push(`CREATE VIEW ${at('view')}${options} AS SELECT ${columnsOf(shown)} FROM ${table.sql}`);
    if (some(0.3)) {
      world.views.push({ sql: at('view2'), of: table, columns: shown });
      world.setup.push(`CREATE VIEW ${at('view2')} AS SELECT * FROM ${at('view')}`);
    }
  }
  if (some(0.2)) {
    world.setup.push(
      `CREATE MATERIALIZED VIEW ${at('mat')} AS SELECT row_number() OVER () AS n, ${c} FROM ${table.sql}`,
    );
    const unique = some(0.6) ? `${name}_mat_n` : undefined;
    if (unique) world.setup.push(`CREATE UNIQUE INDEX ${quoted(unique)} ON ${at('mat')} (n)`);
    world.materialized.push({ sql: at('mat'), unique });
  }
  if (some(0.25)) {
    const event = chance.pick([`UPDATE OF ${c}`, 'UPDATE', 'INSERT']);
    const when = some(0.3) && !column.generated ? ` WHEN (NEW.${c} IS NOT NULL)` : '';
    const trigger = `${name}_touch`;
    table.triggers.push(trigger);
    world.setup.push(
      `CREATE TRIGGER ${quoted(trigger)} BEFORE ${event} ON ${table.sql} FOR EACH ROW${when} EXECUTE FUNCTION public.touch()`,
    );
  }
  if (some(0.2)) {
    const policy = `${name}_rows`;
    table.policies.push(policy);
    world.setup.push(
      `CREATE POLICY ${quoted(policy)} ON ${table.sql} USING (${some(0.5) ? `${c} IS NOT NULL OR true` : 'true'})`,
    );
    if (some(0.6)) {
      table.secured = true;
      world.setup.push(`ALTER TABLE ${table.sql} ENABLE ROW LEVEL SECURITY`);
    }
  }
  if (some(0.1)) {
    table.rules.push(`${name}_rule`);
    world.setup.push(
      `CREATE RULE ${quoted(`${name}_rule`)} AS ON DELETE TO ${table.sql} DO ALSO NOTIFY gone`,
    );
  }
  if (some(0.15) && column.kind.ordered) {
    const call = `${at('newest')}()`;
    const standard = some(0.6);
    world.functions.push({ sql: at('newest'), args: '', call });
    world.setup.push(
      `CREATE FUNCTION ${call} RETURNS bigint LANGUAGE sql STABLE ${standard ? `BEGIN ATOMIC SELECT count(${c}) FROM ${table.sql}; END` : `AS $$ SELECT count(${c}) FROM ${table.sql} $$`}`,
    );
  }
  if (some(0.15)) {
    const publication = `${name}_changes`;
    const columns = table.primary && some(0.4) ? ` (${list([...new Set([...table.primary.columns])])})` : '';
    if (table.primary || !some(0.9)) {
      world.publications.push(quoted(publication));
      world.setup.push(`CREATE PUBLICATION ${quoted(publication)} FOR TABLE ${table.sql}${columns}`);
    }
  }
  const [one, two] = table.columns.filter(({ kind, generated }) => kind.ordered && !generated);
  if (some(0.2) && one && two) {
    world.statistics.push(at('stats'));
    world.setup.push(`CREATE STATISTICS ${at('stats')} ON ${list([one.name, two.name])} FROM ${table.sql}`);
  }
  if (table.kind === 'table' && some(0.08)) {
    world.setup.push(`CREATE TABLE ${at('heirs')} (more integer) INHERITS (${table.sql})`);
    world.setup.push(insertRows({ ...table, sql: at('heirs') }, MANY, 20_000));
    if (table.secured) return;
    table.rows += MANY;
  }
  if (some(0.08)) {
    const holder = at('copies');
    world.setup.push(
      `CREATE TABLE ${holder} (id integer PRIMARY KEY, was ${table.sql})`,
      `INSERT INTO ${holder} VALUES (1, NULL)`,
    );
  }
}
