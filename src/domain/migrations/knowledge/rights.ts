import type { AlterRoleStmt, AlterTableCmd, DropRoleStmt, GrantRoleStmt, GrantStmt, Node } from 'libpg-query';
import { type Catalog, resolve, rightsOn } from '../catalog';
import { rolesNamed } from '../schema/rights';
import { asColumn, isSerial, named, texts, typeOf } from '../syntax';
import { EVERYBODY, worksAs } from './roles';
import type { Subject } from './rule';

/** Rights that statements of an application need, beside ALL, which the parser gives as no list. */
const DATA = new Set(['select', 'insert', 'update', 'delete', 'usage', 'execute']);
const ON_DATA = new Set([
  'OBJECT_TABLE',
  'OBJECT_SEQUENCE',
  'OBJECT_SCHEMA',
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
]);

const privileges = (nodes: Node[] | undefined) =>
  (nodes ?? []).flatMap((node) => ('AccessPriv' in node ? (node.AccessPriv.priv_name ?? []) : []));

const roles = ({ grantees }: GrantStmt) => rolesNamed(grantees);

const isNewRoutine = (catalog: Catalog, parts: string[]) =>
  catalog.routines.get(resolve(catalog, named(parts), catalog.routines))?.created === true;

/** Everything it is about was made by the release itself. */
const onlyNew = ({ node: { objects = [] }, catalog }: Subject<GrantStmt>) =>
  objects.length > 0 &&
  objects.every(
    (object) =>
      ('RangeVar' in object &&
        catalog.tables.get(resolve(catalog, object.RangeVar, catalog.tables))?.created === true) ||
      ('ObjectWithArgs' in object && isNewRoutine(catalog, texts(object.ObjectWithArgs.objname))),
  );

/** Rights on columns that roles have on the whole table too, which stay. */
const ofColumnsAlone = ({ node, catalog }: Subject<GrantStmt>) => {
  const { privileges: given = [], objects = [] } = node;
  return (
    given.length > 0 &&
    given.every((one) => 'AccessPriv' in one && (one.AccessPriv.cols ?? []).length > 0) &&
    objects.every((object) => {
      const table =
        'RangeVar' in object
          ? catalog.tables.get(resolve(catalog, object.RangeVar, catalog.tables))
          : undefined;
      return roles(node).every((role) =>
        privileges(given).every((right) =>
          [role, EVERYBODY].some((one) => table?.grants?.[one]?.includes(right)),
        ),
      );
    })
  );
};

/** Whatever a role loses of schema public, everybody may use it, unless that is taken too. */
const mayAnyway = ({ node: { objects = [], objtype } }: Subject<GrantStmt>) =>
  objtype === 'OBJECT_SCHEMA' && texts(objects).every((schema) => schema === 'public');

/** Everybody may do something with it: with functions and schemas unless somebody has said otherwise, with tables because somebody has. */
const isOpen = ({ node: { objects = [], objtype }, catalog }: Subject<GrantStmt>) =>
  objtype !== 'OBJECT_TABLE' ||
  objects.some((object) => {
    const table =
      'RangeVar' in object
        ? catalog.tables.get(resolve(catalog, object.RangeVar, catalog.tables))
        : undefined;
    return table === undefined || (table.grants?.[EVERYBODY] ?? []).length > 0;
  });

/**
 * Whether a REVOKE takes rights to data from somebody who may be at work: PUBLIC, which everybody is, a role of a session
 * that is there, or any role where nobody has looked.
 */
export function takesRightsInUse(subject: Subject<GrantStmt>): boolean {
  const { node, catalog } = subject;
  // with the option alone nothing is taken that a statement needs
  if (node.is_grant || node.grant_option || !ON_DATA.has(node.objtype ?? '') || onlyNew(subject))
    return false;
  const taken = privileges(node.privileges);
  if (taken.length > 0 && !taken.some((right) => DATA.has(right))) return false;
  if (ofColumnsAlone(subject)) return false;
  return roles(node).some((role) =>
    role === EVERYBODY ? isOpen(subject) : !mayAnyway(subject) && worksAs(catalog, role),
  );
}

/** REVOKE of a role from one that may be at work, which has its rights by that. */
export const leavesRole = ({ node, catalog }: Subject<GrantRoleStmt>): boolean =>
  !node.is_grant && !node.opt && rolesNamed(node.grantee_roles).some((role) => worksAs(catalog, role));

/** What a role may do without a right of its own: as another one, with every row, with everything. */
const POWERS = ['inherit', 'bypassrls', 'superuser'];

/** Whether it can do what it does now without it. */
function isSpare(catalog: Catalog, role: string, power: string): boolean {
  // from 16 on the grants say who inherits
  const known = catalog.roles?.get(role);
  if (known?.powers.includes(power) === false) return true;
  if (power === 'inherit') return catalog.major >= 16 || known?.has.length === 1;
  return (
    power === 'bypassrls' &&
    catalog.live === true &&
    ![...catalog.tables.values()].some(({ secured }) => secured)
  );
}

/** ALTER ROLE … NOLOGIN or CONNECTION LIMIT 0, DROP ROLE of one that is at work; or it loses a power that it works by. */
export function shutsOut({ form, node, catalog }: Subject): boolean {
  // one that has rights PostgreSQL itself keeps
  if (form === 'DropRoleStmt')
    return rolesNamed((node as DropRoleStmt).roles).some((role) => catalog.working?.includes(role));
  const { role, options = [] } = node as AlterRoleStmt;
  const name = role?.rolename ?? '';
  return options.some((option) => {
    const { defname = '', arg } = 'DefElem' in option ? option.DefElem : {};
    const isOff = !(arg && 'Boolean' in arg && arg.Boolean.boolval);
    if (POWERS.includes(defname))
      return isOff && catalog.working?.includes(name) !== false && !isSpare(catalog, name, defname);
    if (defname === 'canlogin') return isOff;
    return defname === 'connectionlimit' && arg !== undefined && 'Integer' in arg && !arg.Integer.ival;
  });
}

/** "SELECT from app", for messages. */
export function rightsTaken({ form, node }: Subject<GrantStmt & GrantRoleStmt>): string {
  if (form === 'GrantRoleStmt')
    return `membership in ${privileges(node.granted_roles).join(', ')} from ${rolesNamed(node.grantee_roles).join(', ')}`;
  return `${privileges(node.privileges).join(', ').toUpperCase() || 'all rights'} from ${roles(node).join(', ')}`;
}

/** A serial column comes to a table that others write, whose new sequence nobody grants them. */
export function needsRightsOnSequence({ node, table, following }: Subject<AlterTableCmd>): boolean {
  if (
    !table ||
    rightsOn(table).length === 0 ||
    table.created ||
    !isSerial(typeOf(asColumn(node.def)?.typeName))
  )
    return false;
  return !following.some(
    ({ tag, node: later }) => tag === 'GrantStmt' && (later as GrantStmt).objtype === 'OBJECT_SEQUENCE',
  );
}
