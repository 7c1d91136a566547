import type {
  AlterEnumStmt,
  AlterObjectSchemaStmt,
  AlterPublicationStmt,
  AlterSeqStmt,
  AlterTableCmd,
  AlterTableStmt,
  CreatePublicationStmt,
  CreateStmt,
  DropStmt,
  IndexStmt,
  Node,
  RangeVar,
  ReindexStmt,
  RenameStmt,
  SelectStmt,
} from 'libpg-query';
import { absence } from './absence';
import { type Catalog, resolve, type Table } from './catalog';
import { actsOnOthers } from './inside';
import type { Subject } from './knowledge/rule';
import { wrongName } from './named-objects';
import { presence } from './presence';
import { wrongRoutine } from './routines';
import { rowsLocked } from './rows-locked';
import { isIdle } from './schema/alter-table';
import { asColumn, asConstraint, named, nameParts, some, texts } from './syntax';

/** What a statement is seen in: everything of a subject that is the same for all its parts. */
export type Setting = Pick<Subject, 'statement' | 'catalog' | 'following' | 'inTransaction' | 'timeZone'>;

const SCHEMA_OF_TABLES = new Set(['OBJECT_TABLE', 'OBJECT_MATVIEW']);

function subject(setting: Setting, part: Partial<Subject>): Subject {
  const { tag, node } = setting.statement;
  const relation = part.relation ?? '';
  return {
    form: tag,
    node,
    name: '',
    ...setting,
    ...part,
    relation,
    table: part.table ?? setting.catalog.tables.get(relation),
  };
}

const relationOf = ({ catalog }: Setting, range: RangeVar | undefined): string =>
  range ? resolve(catalog, range, catalog.tables) : '';

/** The table that an index belongs to; the index's own name where nobody knows. */
function tableOfIndex({ catalog }: Setting, index: string): string {
  for (const { name, indexes } of catalog.tables.values()) {
    if (indexes.some((own) => own.name === index)) return name;
  }
  return index;
}

/** ONLY, which the parser tells by leaving out that others inherit. */
const isAlone = (range: RangeVar | undefined): boolean | undefined =>
  range !== undefined && range.inh !== true ? true : undefined;

/** What ALTER INDEX, SEQUENCE, VIEW or TYPE is about. */
function alteredObject(setting: Setting, objtype: string, range: RangeVar | undefined): Subject {
  const { catalog } = setting;
  const form = `AlterTableStmt:${objtype}`;
  const name = range?.relname ?? '';
  if (objtype === 'OBJECT_INDEX')
    return subject(setting, { form, relation: tableOfIndex(setting, name), name });
  const among =
    objtype === 'OBJECT_SEQUENCE'
      ? catalog.sequences
      : objtype === 'OBJECT_TYPE'
        ? catalog.composites
        : catalog.tables;
  return subject(setting, { form, relation: resolve(catalog, range ?? {}, among), name });
}

function alterTable(setting: Setting): Subject[] {
  const {
    relation,
    cmds = [],
    objtype = 'OBJECT_TABLE',
    missing_ok: ifExists,
  } = setting.statement.node as AlterTableStmt;
  if (!SCHEMA_OF_TABLES.has(objtype)) return [alteredObject(setting, objtype, relation)];
  const parts = cmds.flatMap((command) => ('AlterTableCmd' in command ? command.AlterTableCmd : []));
  const key = relationOf(setting, relation);
  const table = setting.catalog.tables.get(key);
  if (ifExists && setting.catalog.live && !table) return [];
  return parts.map((part) =>
    subject(setting, {
      form: table && isIdle(table, part) ? 'Idle' : (outOfTurn(table, part, parts) ?? part.subtype),
      node: part,
      relation: key,
      name: nameOf(part) ?? asColumn(part.def)?.colname ?? '',
      alone: isAlone(relation) ?? (asConstraint(part.def)?.is_no_inherit || undefined),
      parts,
      ...(LATER.has(part.subtype ?? '') && table && { table: afterDrops(table, parts) }),
    }),
  );
}

/** Parts that PostgreSQL does before it adds columns. Source: tablecmds.c, the passes of ALTER TABLE. */
const BEFORE_COLUMNS = new Set([
  'AT_AlterColumnType',
  'AT_DropNotNull',
  'AT_DropIdentity',
  'AT_DropExpression',
  'AT_SetExpression',
]);

/** About a column that another part of the statement adds. */
function isEarly(table: Table | undefined, part: AlterTableCmd, parts: readonly AlterTableCmd[]): boolean {
  const { subtype = '', name, def } = part;
  if (!BEFORE_COLUMNS.has(subtype) && !(subtype === 'AT_ColumnDefault' && def === undefined)) return false;
  const isAdded = parts.some((one) => one.subtype === 'AT_AddColumn' && asColumn(one.def)?.colname === name);
  return isAdded && !table?.columns.some((column) => column.name === name);
}

/** Parts that need a column or a constraint when PostgreSQL has dropped those of the statement. */
const BEHIND_DROPS =
  /^AT_(?:AlterColumnType|ColumnDefault|SetNotNull|(?:Add|Set)Identity|SetStatistics|SetStorage|SetCompression|AlterConstraint|ValidateConstraint)$/;

const nameOf = ({ name, def }: AlterTableCmd): string | undefined =>
  def && 'ATAlterConstraint' in def ? def.ATAlterConstraint.conname : name;

/** About what another part of the statement drops, and none makes again. */
function isLate(part: AlterTableCmd, parts: readonly AlterTableCmd[]): boolean {
  if (!BEHIND_DROPS.test(part.subtype ?? '') || (part.subtype === 'AT_ColumnDefault' && !part.def))
    return false;
  const drop = /Constraint$/.test(part.subtype ?? '') ? 'AT_DropConstraint' : 'AT_DropColumn';
  const again = ({ def }: AlterTableCmd) => asColumn(def)?.colname ?? asConstraint(def)?.conname;
  const name = nameOf(part);
  return (
    parts.some((one) => one.subtype === drop && one.name === name) &&
    !parts.some((one) => /^AT_Add/.test(one.subtype ?? '') && again(one) === name)
  );
}

/** Parts of which a statement may have one alone. Source: tablecmds.c, "cannot have multiple". */
const ONCE = ['AT_SetTableSpace', 'AT_SetAccessMethod'];

const indexIn = ({ def }: AlterTableCmd) => asConstraint(def)?.indexname;

/** What a part before it has done: it may be done once, or with an index, of which one key can be made. */
const isSecond = (part: AlterTableCmd, parts: readonly AlterTableCmd[]): boolean =>
  parts
    .slice(0, parts.indexOf(part))
    .some(
      (one) =>
        (one.subtype === part.subtype && ONCE.includes(part.subtype ?? '')) ||
        (indexIn(part) !== undefined && indexIn(one) === indexIn(part)),
    );

/** A part that PostgreSQL does before what it needs is there, or when it is gone. */
function outOfTurn(table: Table | undefined, part: AlterTableCmd, parts: readonly AlterTableCmd[]) {
  if (isEarly(table, part, parts)) return 'Early';
  if (isLate(part, parts)) return 'Late';
  return isSecond(part, parts) ? 'Twice' : undefined;
}

/** Parts that PostgreSQL does after what the statement drops, wherever that stands. Source: ATPrepCmd, its passes. */
const LATER = new Set(['AT_SetNotNull', 'AT_AddConstraint', 'AT_AttachPartition']);

function afterDrops(table: Table, parts: readonly AlterTableCmd[]): Table {
  const named = (type: string) => parts.flatMap(({ subtype, name }) => (subtype === type && name) || []);
  const [dropped, open] = [named('AT_DropConstraint'), named('AT_DropNotNull')];
  return {
    ...table,
    columns: table.columns.map((column) =>
      open.includes(column.name) ? { ...column, nullable: true } : column,
    ),
    constraints: table.constraints.filter(
      ({ name, kind, columns }) =>
        !dropped.includes(name) && !(kind === 'not-null' && open.includes(columns.join())),
    ),
  };
}

const RELATIONS = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW']);
/** Where to look for what is no relation. */
const OBJECTS: Record<string, (catalog: Catalog) => { has(key: string): boolean }> = {
  OBJECT_SEQUENCE: ({ sequences }) => sequences,
  OBJECT_FUNCTION: ({ routines }) => routines,
  OBJECT_PROCEDURE: ({ routines }) => routines,
  OBJECT_ROUTINE: ({ routines }) => routines,
  OBJECT_DOMAIN: ({ domains }) => domains,
  OBJECT_TYPE: ({ enums, composites, domains }) => ({
    has: (key) => enums.has(key) || composites.has(key) || domains.has(key),
  }),
};

const ON_TABLES = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE']);

function drop(setting: Setting): Subject[] {
  const { removeType = '', objects = [], missing_ok: ifExists } = setting.statement.node as DropStmt;
  const { catalog } = setting;
  return objects.flatMap((object) => {
    const parts = nameParts(object);
    const name = parts.at(-1) ?? '';
    const among = OBJECTS[removeType]?.(catalog);
    if (among) {
      const key = resolve(catalog, named(parts), among);
      if (ifExists && catalog.live && !among.has(key)) return [];
      return subject(setting, { form: `DropStmt:${removeType}`, name: key });
    }
    if (removeType === 'OBJECT_SCHEMA' && ifExists && catalog.schemas?.includes(name) === false) return [];
    const key = (of: string[]) => resolve(setting.catalog, named(of), setting.catalog.tables);
    const relation = RELATIONS.has(removeType)
      ? key(parts)
      : ON_TABLES.has(removeType)
        ? key(parts.slice(0, -1))
        : removeType === 'OBJECT_INDEX'
          ? tableOfIndex(setting, name)
          : '';
    const absent = setting.catalog.live && relation !== '' && !setting.catalog.tables.has(relation);
    return ifExists && absent ? [] : subject(setting, { form: `DropStmt:${removeType}`, relation, name });
  });
}

function rename(setting: Setting): Subject[] {
  const { renameType = '', relation, subname, object } = setting.statement.node as RenameStmt;
  const among = OBJECTS[renameType]?.(setting.catalog);
  const parts = object
    ? nameParts(object)
    : [relation?.schemaname, relation?.relname].filter((part) => part !== undefined);
  return [
    subject(setting, {
      form: `RenameStmt:${renameType}`,
      relation:
        renameType === 'OBJECT_INDEX'
          ? tableOfIndex(setting, relation?.relname ?? '')
          : renameType === 'OBJECT_ATTRIBUTE'
            ? resolve(setting.catalog, relation ?? {}, setting.catalog.composites)
            : renameType === 'OBJECT_SEQUENCE'
              ? ''
              : relationOf(setting, relation),
      name: among ? resolve(setting.catalog, named(parts), among) : (subname ?? parts.at(-1) ?? ''),
      alone: isAlone(relation),
    }),
  ];
}

/** Statements with a list of relations: each is a subject. */
function each(setting: Setting): Subject[] {
  const { relations = [], rels = [] } = setting.statement.node as { relations?: Node[]; rels?: Node[] };
  const ranges = [...relations, ...rels].flatMap((node) => {
    if ('RangeVar' in node) return node.RangeVar;
    return 'VacuumRelation' in node ? (node.VacuumRelation.relation ?? []) : [];
  });
  // VACUUM and ANALYZE without a list are about all tables
  if (ranges.length === 0) return [subject(setting, {})];
  return ranges.map((range) =>
    subject(setting, { relation: relationOf(setting, range), alone: isAlone(range) }),
  );
}

/** The relation that COMMENT names; comments on what is in a schema of its own name none. */
function comment(setting: Setting): Subject[] {
  const { objtype, object } = setting.statement.node as { objtype?: string; object?: Node };
  const parts = object ? nameParts(object) : [];
  const own = RELATIONS.has(objtype ?? '') ? parts : objtype === 'OBJECT_COLUMN' ? parts.slice(0, -1) : [];
  const relation = own.length > 0 ? resolve(setting.catalog, named(own), setting.catalog.tables) : '';
  return [subject(setting, { relation })];
}

const domainNamed = (setting: Setting, name: Node[] | undefined) =>
  resolve(setting.catalog, named(texts(name)), setting.catalog.domains);

const SPECIAL: Record<string, (setting: Setting) => Subject[]> = {
  AlterTableStmt: alterTable,
  DropStmt: drop,
  RenameStmt: rename,
  TruncateStmt: each,
  LockStmt: each,
  VacuumStmt: each,
  CreateStatsStmt: each,
  CommentStmt: comment,
  AlterDomainStmt: (setting) => [
    subject(setting, { relation: domainNamed(setting, (setting.statement.node as AlterEnumStmt).typeName) }),
  ],
  AlterObjectSchemaStmt(setting) {
    const { objectType = '', relation, object } = setting.statement.node as AlterObjectSchemaStmt;
    const parts = object ? nameParts(object) : [];
    const among = OBJECTS[objectType]?.(setting.catalog);
    const key = relation ? relationOf(setting, relation) : '';
    return [
      subject(setting, {
        form: `AlterObjectSchemaStmt:${objectType}`,
        relation: objectType === 'OBJECT_SEQUENCE' ? '' : key,
        name: among ? resolve(setting.catalog, relation ?? named(parts), among) : key || parts.join('.'),
      }),
    ];
  },
  ReindexStmt(setting) {
    const { kind, relation } = setting.statement.node as ReindexStmt;
    const table =
      kind === 'REINDEX_OBJECT_INDEX' ? tableOfIndex(setting, relation?.relname ?? '') : undefined;
    return [subject(setting, { relation: table ?? relationOf(setting, relation) })];
  },
  CreatePublicationStmt: published,
  AlterPublicationStmt: published,
  AlterSeqStmt(setting) {
    const { sequence } = setting.statement.node as AlterSeqStmt;
    return [
      subject(setting, { relation: resolve(setting.catalog, sequence ?? {}, setting.catalog.sequences) }),
    ];
  },
  CreateStmt(setting) {
    const { relation = {}, if_not_exists: ifNeeded } = setting.statement.node as CreateStmt;
    const name = resolve(setting.catalog, relation, new Map());
    const known = setting.catalog.tables.get(name);
    const form = ifNeeded && known && !known.unseen ? 'Nothing' : undefined;
    return [
      subject(setting, { relation: relation.relpersistence === 't' ? '' : name, ...(form && { form }) }),
    ];
  },
  IndexStmt(setting) {
    const { relation, idxname, if_not_exists: ifNeeded } = setting.statement.node as IndexStmt;
    const key = relationOf(setting, relation);
    const there = setting.catalog.tables.get(key)?.indexes.find(({ name }) => name === idxname);
    const form = ifNeeded && there ? (there.valid ? 'Idle:IndexStmt' : 'Invalid') : undefined;
    return [
      subject(setting, {
        relation: key,
        name: idxname ?? '',
        alone: isAlone(relation),
        ...(form && { form }),
      }),
    ];
  },
  SelectStmt: (setting) => {
    const { intoClause } = setting.statement.node as SelectStmt;
    if (intoClause)
      return [
        subject(setting, {
          form: 'CreateTableAsStmt',
          relation: resolve(setting.catalog, intoClause.rel ?? {}, new Map()),
        }),
      ];
    const locked = rowsLocked(setting.statement.node as SelectStmt).map((range) =>
      subject(setting, {
        form: 'SelectStmt:Locking',
        relation: relationOf(setting, range),
        alone: isAlone(range),
      }),
    );
    return [subject(setting, {}), ...locked];
  },
};

/** The tables that a publication is to have; all of the database where it says so. */
function published(setting: Setting): Subject[] {
  const {
    pubname = '',
    pubobjects = [],
    for_all_tables: all,
  } = setting.statement.node as AlterPublicationStmt & CreatePublicationStmt;
  const { catalog } = setting;
  const keys = pubobjects.flatMap((node) => {
    if (!('PublicationObjSpec' in node)) return [];
    const { pubtable, name } = node.PublicationObjSpec;
    if (pubtable?.relation) return relationOf(setting, pubtable.relation);
    return [...catalog.tables.values()]
      .filter(({ kind, name: key }) => kind === 'table' && key.startsWith(`${name}.`))
      .map((table) => table.name);
  });
  const every = [...catalog.tables.values()].filter(({ kind }) => kind === 'table').map(({ name }) => name);
  // ALTER PUBLICATION … SET is about those that it has
  const has = [...catalog.tables.values()].filter(
    ({ publications }) => pubobjects.length === 0 && publications?.includes(pubname),
  );
  const relations = all ? every : [...keys, ...has.map(({ name }) => name)];
  return relations.length > 0
    ? relations.map((relation) => subject(setting, { relation }))
    : [subject(setting, {})];
}

type Ranged = { relation?: RangeVar; view?: RangeVar; table?: RangeVar; into?: { rel?: RangeVar } };

function own(setting: Setting): Subject[] {
  const special = SPECIAL[setting.statement.tag];
  if (special) return special(setting);
  const { relation, view, table, into } = setting.statement.node as Ranged;
  return [
    subject(setting, {
      relation: relationOf(setting, relation ?? view ?? table ?? into?.rel),
      alone: isAlone(relation),
    }),
  ];
}

const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Statements in the WITH of another one that write. */
function writesInside(setting: Setting): Setting[] {
  const found: Setting[] = [];
  const { withClause } = setting.statement.node as { withClause?: unknown };
  some({ withClause }, (tag, node) => {
    if (WRITES.has(tag)) found.push({ ...setting, statement: { ...setting.statement, tag, node } });
    return false;
  });
  return found;
}

/** The things that a statement does, each to be assessed by itself. */
export function subjectsOf(setting: Setting): Subject[] {
  const { catalog, statement } = setting;
  const isKnown = catalog.live && !catalog.uncertain;
  const wrong = isKnown ? (wrongName(catalog, statement) ?? wrongRoutine(catalog, statement)) : undefined;
  if (wrong) return [subject(setting, wrong)];
  const held = actsOnOthers(setting.statement).map((act) => ({
    ...setting,
    statement: { ...setting.statement, ...act },
  }));
  const all = [setting, ...writesInside(setting), ...held].flatMap(own);
  return isKnown ? all.map((one) => absence(one) ?? presence(one) ?? one) : all;
}
