import type {
  AlterEnumStmt,
  AlterTableCmd,
  CommentStmt,
  CreateStmt,
  CreateTrigStmt,
  IndexStmt,
  Node,
} from 'libpg-query';
import { resolve, type Table } from './catalog';
import type { Subject } from './knowledge/rule';
import { relationsIn } from './schema/held';
import { asColumn, named, texts } from './syntax';

/** Parts of ALTER TABLE that name a column which has to be there. */
const ON_COLUMNS = new Set([
  'AT_DropColumn',
  'AT_AlterColumnType',
  'AT_SetNotNull',
  'AT_DropNotNull',
  'AT_ColumnDefault',
  'AT_SetStorage',
  'AT_SetCompression',
  'AT_AddIdentity',
  'AT_SetIdentity',
  'AT_DropIdentity',
  'AT_DropExpression',
  'AT_SetExpression',
]);

const ON_CONSTRAINTS = new Set(['AT_DropConstraint', 'AT_ValidateConstraint', 'AT_AlterConstraint']);

/** Statements about a table that has to be there. */
const ON_TABLES = new Set([
  'UpdateStmt',
  'DeleteStmt',
  'InsertStmt',
  'MergeStmt',
  'TruncateStmt',
  'LockStmt',
  'VacuumStmt',
  'IndexStmt',
  'CreateTrigStmt',
  'CreatePolicyStmt',
  'AlterPolicyStmt',
  'RuleStmt',
  'RefreshMatViewStmt',
  'ClusterStmt',
  'CommentStmt',
  'DropStmt:OBJECT_TABLE',
  'DropStmt:OBJECT_VIEW',
  'DropStmt:OBJECT_MATVIEW',
  'RenameStmt:OBJECT_TABLE',
  'RenameStmt:OBJECT_VIEW',
  'RenameStmt:OBJECT_MATVIEW',
  'RenameStmt:OBJECT_COLUMN',
  'RenameStmt:OBJECT_TABCONSTRAINT',
]);

/** What the part of an ALTER TABLE names and the table does not have. */
function absentIn(
  table: Table,
  { form, name, node, parts = [] }: Subject<AlterTableCmd>,
): string | undefined {
  const added = parts.flatMap(({ subtype, def }) =>
    subtype === 'AT_AddColumn' ? (asColumn(def)?.colname ?? []) : [],
  );
  const has = [...table.columns.map((column) => column.name), ...added].includes(name);
  if (ON_COLUMNS.has(form))
    return has || table.columns.length === 0 ? undefined : `column ${name} of ${table.name}`;
  if (!ON_CONSTRAINTS.has(form)) return undefined;
  const known =
    form === 'AT_AlterConstraint' && node.def && 'ATAlterConstraint' in node.def
      ? node.def.ATAlterConstraint.conname
      : name;
  return table.constraints.some((constraint) => constraint.name === known)
    ? undefined
    : `constraint ${known} of ${table.name}`;
}

const nameOfType = ({ node }: Subject['statement']) => named(texts((node as AlterEnumStmt).typeName));

/** A column that a statement about rows writes, or a COMMENT describes, and the table does not have. */
function unknownColumn({ form, node, table, statement }: Subject): string | undefined {
  if (!table || table.columns.length === 0) return undefined;
  const has = (column: string | undefined) => table.columns.some(({ name }) => name === column);
  const { targetList = [], cols = [] } = node as { targetList?: Node[]; cols?: Node[] };
  const written = form === 'UpdateStmt' ? targetList : form === 'InsertStmt' ? cols : [];
  const named = written.flatMap((target) => ('ResTarget' in target ? (target.ResTarget.name ?? []) : []));
  const { objtype, object } = statement.node as CommentStmt;
  if (form === 'CommentStmt' && objtype === 'OBJECT_COLUMN' && object && 'List' in object)
    named.push(texts(object.List.items).at(-1) ?? '');
  const missing = named.find((column) => !has(column));
  return missing && `column ${missing} of ${table.name}`;
}

/** Statements that make something of a query, which is looked at when they run. */
const QUERIES = new Set(['ViewStmt', 'CreateTableAsStmt']);

/** A table that the query of a view or a copy reads; names without a schema may be anything's. */
function unreadable({ statement, catalog }: Subject): string | undefined {
  if (!QUERIES.has(statement.tag)) return undefined;
  return relationsIn(catalog, (statement.node as { query?: Node }).query).find((name) => {
    const bare = name.slice(name.indexOf('.') + 1);
    const has = [...catalog.tables.keys(), ...catalog.sequences.keys()].some((key) =>
      key.endsWith(`.${bare}`),
    );
    return !has && !/^(?:pg_|information_schema)|\.pg_/.test(name);
  });
}

/** A table that a new one is a partition of, inherits from or is made like; a type can be liked as well. */
function unknownSource({ form, node, catalog }: Subject): string | undefined {
  if (form !== 'CreateStmt') return undefined;
  const { inhRelations = [], tableElts = [] } = node as CreateStmt;
  const ranges = [...inhRelations, ...tableElts].flatMap((one) =>
    'RangeVar' in one ? one.RangeVar : 'TableLikeClause' in one ? (one.TableLikeClause.relation ?? []) : [],
  );
  const known = [...catalog.tables.keys(), ...catalog.composites.keys(), ...catalog.sequences.keys()];
  const missing = ranges.find(
    ({ schemaname = '', relname = '' }) =>
      !/^(?:pg_|information_schema)/.test(schemaname || relname) &&
      !known.some((key) => key.slice(key.indexOf('.') + 1) === relname),
  );
  return missing && [missing.schemaname, missing.relname].filter(Boolean).join('.');
}

/** The function of a new trigger. */
function triggerFunction({ node, catalog }: Subject): string | undefined {
  const parts = texts((node as CreateTrigStmt).funcname);
  const isOurs = parts.length === 1 || parts[0] !== 'pg_catalog';
  const bare = parts.at(-1) ?? '';
  const known = [...catalog.routines.keys()].some((key) => key.endsWith(`.${bare}`));
  return isOurs && !known && !/^(?:suppress_redundant_updates|tsvector_update)/.test(bare)
    ? `function ${parts.join('.')}`
    : undefined;
}

/** A subject whose name a database that was looked at does not have; undefined where it has it, or nobody can say. */
export function absence(subject: Subject): Subject | undefined {
  const { form, relation, table, name, catalog, statement } = subject;
  const objects = {
    'DropStmt:OBJECT_FUNCTION': catalog.routines,
    'DropStmt:OBJECT_SEQUENCE': catalog.sequences,
    'DropStmt:OBJECT_DOMAIN': catalog.domains,
  }[form];
  const isOurs = !/^(pg_|information_schema)/.test(name);
  if (
    objects &&
    isOurs &&
    !objects.has(name) &&
    ![...objects.keys()].some((key) => key.endsWith(`.${name.slice(name.indexOf('.') + 1)}`))
  )
    return { ...subject, form: 'Missing' };
  if (form === 'AlterDomainStmt' && !catalog.domains.has(relation))
    return { ...subject, form: 'Missing', name: `domain ${relation}` };
  if (form === 'AlterEnumStmt') {
    const type = resolve(catalog, nameOfType(statement), catalog.enums);
    if (!catalog.enums.has(type)) return { ...subject, form: 'Missing', name: `enum ${type}` };
    const { newValNeighbor: beside, oldVal } = statement.node as AlterEnumStmt;
    const absent = [beside, oldVal].find(
      (value) => value !== undefined && catalog.enums.get(type)?.includes(value) === false,
    );
    if (absent !== undefined) return { ...subject, form: 'Missing', name: `value '${absent}' of ${type}` };
  }
  const unread = unreadable(subject) ?? unknownSource(subject);
  if (unread) return { ...subject, form: 'Missing', name: unread };
  // the system's own, and what nobody names
  if (relation === '' || /^(pg_|information_schema)|\.pg_/.test(relation)) return undefined;
  const missing = (what: string): Subject => ({ ...subject, form: 'Missing', name: what });
  const bare = relation.slice(relation.indexOf('.') + 1);
  const elsewhere = [...catalog.tables.keys()].some((key) => key.endsWith(`.${bare}`));
  if (form.startsWith('AT_') || ON_TABLES.has(form)) {
    // another role may have another search_path, which the file's own replaces
    if (!table) return elsewhere && !catalog.sessionPath ? undefined : missing(relation);
    const unknown = unknownColumn(subject);
    if (unknown) return missing(unknown);
    const calls = form === 'CreateTrigStmt' ? triggerFunction(subject) : undefined;
    if (calls) return missing(calls);
    const absent = form.startsWith('AT_') ? absentIn(table, subject as Subject<AlterTableCmd>) : undefined;
    if (absent) return missing(absent);
    if (
      form === 'RenameStmt:OBJECT_COLUMN' &&
      table.columns.length > 0 &&
      !table.columns.some((column) => column.name === name)
    )
      return missing(`column ${name} of ${relation}`);
  }
  const index =
    form === 'DropStmt:OBJECT_INDEX' ||
    form === 'RenameStmt:OBJECT_INDEX' ||
    form === 'AlterTableStmt:OBJECT_INDEX';
  if (index && !table && (statement.node as IndexStmt).concurrent !== true) return missing(`index ${name}`);
  return undefined;
}
