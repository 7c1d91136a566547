import { quoted } from '../world/world';
import { type Make, maybe } from './place';

/** Parts of ALTER TABLE about what is neither a column nor a constraint. */
export const settingParts: Record<string, Make> = {
  'switch trigger': ({ table, chance }) => {
    const trigger = maybe(chance, table.triggers);
    const which = trigger && chance.some(0.7) ? quoted(trigger) : chance.pick(['ALL', 'USER']);
    return `${chance.pick(['DISABLE', 'ENABLE', 'ENABLE'])} TRIGGER ${which}`;
  },
  'switch rule': ({ table, chance }) => {
    const rule = maybe(chance, table.rules);
    return rule && `${chance.pick(['DISABLE', 'ENABLE'])} RULE ${quoted(rule)}`;
  },
  'row security': ({ chance }) =>
    `${chance.pick(['ENABLE', 'DISABLE', 'FORCE', 'NO FORCE'])} ROW LEVEL SECURITY`,
  cluster: ({ table, chance }) => {
    const index = maybe(
      chance,
      table.indexes.filter(({ plain, unique }) => plain && unique),
    );
    return index && table.kind === 'table' ? `CLUSTER ON ${quoted(index.name)}` : 'SET WITHOUT CLUSTER';
  },
  persistence: ({ chance, table, world }) =>
    table.kind === 'table' && !world.publications.some((name) => name.includes(table.name))
      ? `SET ${chance.pick(['LOGGED', 'UNLOGGED', 'ACCESS METHOD heap', 'TABLESPACE pg_default'])}`
      : undefined,
  'storage options': ({ chance, table }) =>
    table.kind === 'table'
      ? chance.pick(['SET (fillfactor = 70)', 'RESET (fillfactor)', 'SET (autovacuum_enabled = false)'])
      : undefined,
  owner: ({ chance }) => `OWNER TO ${chance.pick(['postgres', 'app', 'CURRENT_USER'])}`,
  'replica identity': ({ table, chance }) => {
    const index = table.indexes.find(
      ({ unique, plain, columns }) =>
        unique && plain && columns.every((name) => table.columns.find((one) => one.name === name)?.notNull),
    );
    return `REPLICA IDENTITY ${chance.pick(['FULL', 'DEFAULT', 'NOTHING', ...(index ? [`USING INDEX ${quoted(index.name)}`] : [])])}`;
  },
};
