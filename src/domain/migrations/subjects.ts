import type {
  AlterEnumStmt,
  AlterTableCmd,
  AlterTableStmt,
  DropStmt,
  Node,
  RangeVar,
  ReindexStmt,
  RenameStmt,
} from 'libpg-query';
import { resolve } from './catalog';
import type { Subject } from './knowledge/rule';
import { asColumn, named, texts } from './syntax';

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
    table: setting.catalog.tables.get(relation),
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

function alterTable(setting: Setting): Subject[] {
  const { relation, cmds = [], objtype = 'OBJECT_TABLE' } = setting.statement.node as AlterTableStmt;
  if (!SCHEMA_OF_TABLES.has(objtype)) return [subject(setting, { form: `AlterTableStmt:${objtype}` })];
  return cmds.flatMap((command) => {
    const { AlterTableCmd: part } = command as { AlterTableCmd: AlterTableCmd };
    return subject(setting, {
      form: part.subtype,
      node: part,
      relation: relationOf(setting, relation),
      name: part.name ?? asColumn(part.def)?.colname ?? '',
    });
  });
}

const RELATIONS = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW']);
const ON_TABLES = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE']);

function nameParts(object: Node): string[] {
  if ('List' in object) return texts(object.List.items);
  if ('TypeName' in object) return texts(object.TypeName.names);
  if ('ObjectWithArgs' in object) return texts(object.ObjectWithArgs.objname);
  return texts([object]);
}

function drop(setting: Setting): Subject[] {
  const { removeType = '', objects = [], missing_ok: ifExists } = setting.statement.node as DropStmt;
  return objects.flatMap((object) => {
    const parts = nameParts(object);
    const name = parts.at(-1) ?? '';
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
  const { renameType, relation, subname = '' } = setting.statement.node as RenameStmt;
  return [
    subject(setting, {
      form: `RenameStmt:${renameType}`,
      relation: relationOf(setting, relation),
      name: subname,
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
  return ranges.map((range) => subject(setting, { relation: relationOf(setting, range) }));
}

/** The relation that COMMENT names; comments on what is in a schema of its own name none. */
function comment(setting: Setting): Subject[] {
  const { objtype, object } = setting.statement.node as { objtype?: string; object?: Node };
  const parts = object ? nameParts(object) : [];
  const own = RELATIONS.has(objtype ?? '') ? parts : objtype === 'OBJECT_COLUMN' ? parts.slice(0, -1) : [];
  const relation = own.length > 0 ? resolve(setting.catalog, named(own), setting.catalog.tables) : '';
  return [subject(setting, { relation })];
}

const userType = (setting: Setting, name: Node[] | undefined) =>
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
    subject(setting, { relation: userType(setting, (setting.statement.node as AlterEnumStmt).typeName) }),
  ],
  AlterObjectSchemaStmt(setting) {
    const { objectType, relation } = setting.statement.node as { objectType?: string; relation?: RangeVar };
    return [
      subject(setting, {
        form: `AlterObjectSchemaStmt:${objectType}`,
        relation: relationOf(setting, relation),
      }),
    ];
  },
  ReindexStmt(setting) {
    const { kind, relation } = setting.statement.node as ReindexStmt;
    const table =
      kind === 'REINDEX_OBJECT_INDEX' ? tableOfIndex(setting, relation?.relname ?? '') : undefined;
    return [subject(setting, { relation: table ?? relationOf(setting, relation) })];
  },
  CreatePublicationStmt(setting) {
    const { pubobjects = [] } = setting.statement.node as { pubobjects?: Node[] };
    return pubobjects.flatMap((object) =>
      'PublicationObjSpec' in object && object.PublicationObjSpec.pubtable
        ? subject(setting, { relation: relationOf(setting, object.PublicationObjSpec.pubtable.relation) })
        : [],
    );
  },
};

type Ranged = { relation?: RangeVar; view?: RangeVar; table?: RangeVar; into?: { rel?: RangeVar } };

/** The things that a statement does, each to be judged by itself. */
export function subjectsOf(setting: Setting): Subject[] {
  const special = SPECIAL[setting.statement.tag];
  if (special) return special(setting);
  const { relation, view, table, into } = setting.statement.node as Ranged;
  return [subject(setting, { relation: relationOf(setting, relation ?? view ?? table ?? into?.rel) })];
}
