import type { Node } from 'libpg-query';
import { type Catalog, resolve } from '../catalog';
import { named, nameParts } from '../syntax';
import { forgetUsers } from './forget';
import { dropPublication } from './publications';
import { dropRoutine } from './routines';

/** Takes something other than a table or an index out of the catalog. */
export function dropObject(catalog: Catalog, removeType: string | undefined, object: Node) {
  const parts = nameParts(object);
  const relation = resolve(catalog, named(parts.slice(0, -1)), catalog.tables);
  const table = catalog.tables.get(relation);
  const name = parts.at(-1);
  const kind = { OBJECT_TRIGGER: 'trigger', OBJECT_POLICY: 'policy', OBJECT_RULE: 'rule' }[removeType ?? ''];
  if (table && kind)
    catalog.tables.set(relation, {
      ...table,
      columnUsers: table.columnUsers?.filter((user) => user.kind !== kind || user.name !== name),
      ...(kind === 'policy' && { policies: table.policies?.filter((policy) => policy.name !== name) }),
      ...(kind === 'rule' && { rules: table.rules?.filter((rule) => rule !== name) }),
    });
  if (kind === 'trigger') forgetUsers(catalog, (user) => user.startsWith(`trigger ${name} on `));
  if (removeType === 'OBJECT_SEQUENCE')
    catalog.sequences.delete(resolve(catalog, named(parts), catalog.sequences));
  if (removeType === 'OBJECT_DOMAIN' || removeType === 'OBJECT_TYPE')
    for (const among of [catalog.domains, catalog.enums, catalog.composites])
      among.delete(resolve(catalog, named(parts), among));
  if (/^OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE|AGGREGATE)$/.test(removeType ?? ''))
    dropRoutine(catalog, parts, object);
  if (removeType === 'OBJECT_PUBLICATION') dropPublication(catalog, name ?? '');
}
