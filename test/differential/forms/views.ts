import { columnsOf, quoted } from '../world/world';
import { cascade, elsewhere, type Forms, maybe, oneOf } from './place';

const plain: Forms = {
  'create view': ({ table, chance }) =>
    chance.pick([
      `CREATE VIEW public.fresh_view AS SELECT ${columnsOf(table.columns.slice(0, 2))} FROM ${table.sql}`,
      `CREATE OR REPLACE VIEW public.fresh_view AS SELECT * FROM ${table.sql}`,
      `CREATE OR REPLACE VIEW public.fresh_view AS SELECT * FROM ${table.sql} WITH CHECK OPTION`,
      'CREATE RECURSIVE VIEW public.fresh_view (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM fresh_view WHERE n < 5',
      `CREATE TEMP VIEW fresh_view AS SELECT count(*) AS n FROM ${table.sql}`,
      `CREATE MATERIALIZED VIEW public.fresh_mat AS SELECT count(*) FROM ${table.sql}`,
      `CREATE MATERIALIZED VIEW IF NOT EXISTS public.fresh_mat AS SELECT count(*) FROM ${table.sql} WITH NO DATA`,
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
  'alter view': (place) => {
    const view = maybe(place.chance, place.world.views);
    const other = elsewhere(place, view?.sql ?? '');
    return (
      view &&
      `ALTER VIEW ${place.chance.pick(['', 'IF EXISTS '])}${view.sql} ${oneOf(place, 'RENAME TO renamed_view', `RENAME COLUMN ${quoted(view.columns[0]!.name)} TO renamed`, 'OWNER TO app', 'SET (security_barrier = true)', 'SET (security_invoker = true)', 'RESET (security_barrier)', `ALTER COLUMN ${quoted(view.columns[0]!.name)} SET DEFAULT NULL`, `ALTER COLUMN ${quoted(view.columns[0]!.name)} DROP DEFAULT`, other && `SET SCHEMA ${other}`)}`
    );
  },
  'rule of a view': ({ world, chance }) => {
    const view = maybe(chance, world.views);
    return view && `CREATE RULE fresh_rule AS ON DELETE TO ${view.sql} DO INSTEAD NOTHING`;
  },
  'trigger of a view': ({ world, chance }) => {
    const view = maybe(chance, world.views);
    return (
      view &&
      `CREATE TRIGGER fresh_trigger INSTEAD OF ${chance.pick(['INSERT', 'UPDATE'])} ON ${view.sql} FOR EACH ROW EXECUTE FUNCTION public.touch()`
    );
  },
};

const materialized: Forms = {
  refresh: ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return (
      view &&
      `REFRESH MATERIALIZED VIEW ${view.unique ? chance.pick(['', 'CONCURRENTLY ']) : ''}${view.sql}${chance.some(0.2) && !view.unique ? ' WITH NO DATA' : ''}`
    );
  },
  'drop materialized view': ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return view && `DROP MATERIALIZED VIEW ${view.sql}${cascade(chance)}`;
  },
  'alter materialized view': (place) => {
    const view = maybe(place.chance, place.world.materialized);
    const other = elsewhere(place, view?.sql ?? '');
    return (
      view &&
      `ALTER MATERIALIZED VIEW ${view.sql} ${oneOf(place, 'RENAME TO renamed_view', 'RENAME COLUMN n TO renamed', 'OWNER TO app', 'SET (fillfactor = 80)', 'ALTER COLUMN n SET STATISTICS 500', view.unique && `CLUSTER ON ${quoted(view.unique)}`, other && `SET SCHEMA ${other}`, 'SET ACCESS METHOD heap', 'SET TABLESPACE pg_default')}`
    );
  },
  'index of a materialized view': ({ world, chance }) => {
    const view = maybe(chance, world.materialized);
    return view && `CREATE INDEX fresh_idx ON ${view.sql} (n)`;
  },
};

export const viewStatements: Forms = { ...plain, ...materialized };
