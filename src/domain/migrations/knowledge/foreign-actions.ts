import type { AlterTableCmd } from 'libpg-query';
import { resolve } from '../catalog';
import { asConstraint, texts } from '../syntax';
import { laterParts } from './following';
import type { Subject } from './rule';

/** Letters of the parser for what a foreign key does by itself; by the others PostgreSQL refuses. */
const ACTS = new Set(['c', 'n', 'd']);

/** "ON DELETE CASCADE" and the like, in a definition. */
const actionsIn = (definition = ''): string[] =>
  definition.match(/\bON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|SET DEFAULT)\b/g) ?? [];

/** What a foreign key that goes does for whoever deletes or renumbers, and the one that takes its place refuses. */
export function lostActions(subject: Subject<AlterTableCmd>): string[] {
  const { table, name, catalog } = subject;
  const gone = table?.constraints.find((one) => one.name === name && one.kind === 'foreign');
  const acts = actionsIn(gone?.definition);
  if (!gone || acts.length === 0) return [];
  for (const { subtype, def } of laterParts(subject)) {
    const node = subtype === 'AT_AddConstraint' ? asConstraint(def) : undefined;
    const {
      contype,
      fk_attrs,
      pktable = {},
      fk_del_action: del = 'a',
      fk_upd_action: upd = 'a',
    } = node ?? {};
    const isSame = contype === 'CONSTR_FOREIGN' && texts(fk_attrs).join() === gone.columns.join();
    if (!isSame || resolve(catalog, pktable, catalog.tables) !== gone.references) continue;
    return acts.filter((act) => !ACTS.has(act.startsWith('ON DELETE') ? del : upd));
  }
  return [];
}
