import { quoted } from '../world/world';
import { type Forms, maybe, oneOf } from './place';

/** Parts of ALTER TABLE about what is neither a column nor a constraint. */
export const settingParts: Forms = {
  'switch trigger': (place) => {
    const trigger = maybe(place.chance, place.table.triggers);
    const which = trigger && place.chance.some(0.7) ? quoted(trigger) : oneOf(place, 'ALL', 'USER');
    const how =
      trigger && which === quoted(trigger)
        ? oneOf(place, 'DISABLE', 'ENABLE', 'ENABLE REPLICA', 'ENABLE ALWAYS')
        : oneOf(place, 'DISABLE', 'ENABLE', 'ENABLE');
    return `${how} TRIGGER ${which}`;
  },
  'switch rule': (place) => {
    const rule = maybe(place.chance, place.table.rules);
    return (
      rule && `${oneOf(place, 'DISABLE', 'ENABLE', 'ENABLE REPLICA', 'ENABLE ALWAYS')} RULE ${quoted(rule)}`
    );
  },
  'row security': (place) => `${oneOf(place, 'ENABLE', 'DISABLE', 'FORCE', 'NO FORCE')} ROW LEVEL SECURITY`,
  cluster: ({ table, chance }) => {
    const index = maybe(
      chance,
      table.indexes.filter(({ plain, unique }) => plain && unique),
    );
    return index && table.kind === 'table' ? `CLUSTER ON ${quoted(index.name)}` : 'SET WITHOUT CLUSTER';
  },
  persistence: (place) => {
    const { table, world } = place;
    const published = world.publications.some(
      (name) => name.includes(table.name) || name === 'schema_changes',
    );
    if (table.kind !== 'table')
      return oneOf(place, 'SET TABLESPACE pg_default', world.major >= 17 && 'SET ACCESS METHOD heap');
    return oneOf(
      place,
      !published && 'SET LOGGED',
      !published && 'SET UNLOGGED',
      'SET ACCESS METHOD heap',
      world.major >= 17 && 'SET ACCESS METHOD DEFAULT',
      'SET TABLESPACE pg_default',
    );
  },
  'storage options': (place) =>
    place.table.kind === 'table'
      ? oneOf(
          place,
          'SET (fillfactor = 70)',
          'RESET (fillfactor)',
          'SET (autovacuum_enabled = false)',
          'SET (toast.autovacuum_enabled = false)',
          'SET (parallel_workers = 2, autovacuum_vacuum_scale_factor = 0.1)',
          'SET (toast_tuple_target = 256)',
          'SET (vacuum_truncate = false)',
          'RESET (autovacuum_enabled, parallel_workers)',
        )
      : undefined,
  owner: (place) => `OWNER TO ${oneOf(place, 'postgres', 'app', 'CURRENT_USER', 'SESSION_USER')}`,
  'replica identity': (place) => {
    const { table } = place;
    const index = table.indexes.find(
      ({ unique, plain, columns }) =>
        unique && plain && columns.every((name) => table.columns.find((one) => one.name === name)?.notNull),
    );
    return `REPLICA IDENTITY ${oneOf(place, 'FULL', 'DEFAULT', 'NOTHING', index && `USING INDEX ${quoted(index.name)}`)}`;
  },
  'without oids': () => 'SET WITHOUT OIDS',
  'typed table': ({ world, chance }) =>
    chance.some(0.3) && world.composites[0]
      ? chance.pick([`OF ${world.composites[0].sql}`, 'NOT OF'])
      : undefined,
};
