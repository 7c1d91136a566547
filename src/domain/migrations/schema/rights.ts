import type { AlterOwnerStmt, GrantStmt, Node, ReassignOwnedStmt, RoleSpec } from 'libpg-query';
import { type Catalog, resolve } from '../catalog';
import { nameParts, texts } from '../syntax';

const RIGHTS = ['select', 'insert', 'update', 'delete'];

/** Rights on rows that a GRANT or REVOKE names: all of them where it says ALL; none of columns alone. */
export function rightsNamed({ privileges }: GrantStmt): string[] {
  if (!privileges?.length) return RIGHTS;
  const named = privileges.flatMap((one) =>
    'AccessPriv' in one && !one.AccessPriv.cols?.length ? (one.AccessPriv.priv_name ?? []) : [],
  );
  return named.filter((right) => RIGHTS.includes(right));
}

/** Roles by name; everybody by the word. */
export const rolesNamed = (nodes: Node[] = []): string[] =>
  nodes.flatMap((node) => {
    if (!('RoleSpec' in node)) return [];
    return node.RoleSpec.roletype === 'ROLESPEC_PUBLIC' ? 'PUBLIC' : (node.RoleSpec.rolename ?? []);
  });

/** Something belongs to a role from now on; nobody knows which one CURRENT_USER and the like are. */
export function own(catalog: Catalog, key: string, role: RoleSpec | undefined) {
  if (!role) return;
  const before = catalog.owners.get(key);
  const table = catalog.tables.get(key);
  // what was granted to the owner goes on to the next one
  if (table && before && table.grants?.[before])
    catalog.tables.set(key, { ...table, grants: { ...table.grants, [before]: [] } });
  if (role.roletype === 'ROLESPEC_CSTRING' && role.rolename) catalog.owners.set(key, role.rolename);
  else catalog.owners.delete(key);
}

/** What statements do about rights and owners. */
export const rightsChanges: Record<string, (catalog: Catalog, node: never) => void> = {
  GrantStmt(catalog, node: GrantStmt) {
    const { is_grant: given, grant_option: option, objtype, targtype, objects = [] } = node;
    if (objtype !== 'OBJECT_TABLE' || (!given && option)) return;
    const meant = rightsNamed(node);
    const grantees = rolesNamed(node.grantees);
    const schemas = targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? texts(objects) : [];
    const named = objects.flatMap((node) =>
      'RangeVar' in node ? resolve(catalog, node.RangeVar, catalog.tables) : [],
    );
    for (const table of catalog.tables.values())
      if (named.includes(table.name) || schemas.includes(table.name.split('.')[0]!))
        catalog.tables.set(table.name, {
          ...table,
          grants: {
            ...table.grants,
            ...Object.fromEntries(
              grantees.map((role) => {
                const kept = (table.grants?.[role] ?? []).filter((right) => !meant.includes(right));
                return [role, given ? [...kept, ...meant] : kept];
              }),
            ),
          },
        });
  },
  AlterDefaultPrivilegesStmt(catalog) {
    catalog.defaultRights = true;
  },
  AlterOwnerStmt(catalog, { objectType, object, newowner }: AlterOwnerStmt) {
    if (objectType === 'OBJECT_SCHEMA') own(catalog, `schema ${nameParts(object).at(-1)}`, newowner);
  },
  ReassignOwnedStmt(catalog, { roles, newrole }: ReassignOwnedStmt) {
    for (const [key, owner] of catalog.owners)
      if (rolesNamed(roles).includes(owner)) own(catalog, key, newrole);
  },
};
