import type {
  AlterTableCmd,
  AlterTableStmt,
  CommentStmt,
  CreateFunctionStmt,
  CreatePolicyStmt,
  CreateStatsStmt,
  CreateTrigStmt,
  DropStmt,
  Node,
  RangeVar,
  RenameStmt,
  RuleStmt,
} from 'libpg-query';
import { type Catalog, resolve } from './catalog';
import type { Statement } from './parse';
import { asColumn, asConstraint, named, nameParts, some, texts } from './syntax';

/** Names in words, "role app" or "trigger touched of public.orders": what a statement needs, makes and takes away. */
export interface Names {
  needs?: (string | undefined)[];
  makes?: (string | undefined)[];
  drops?: (string | undefined)[];
  /** IF NOT EXISTS, OR REPLACE: that what it makes is there is no error. */
  mayBeThere?: boolean;
}

export type Act = Pick<Statement, 'tag' | 'node'>;
type Find = (catalog: Catalog, node: never) => Names;

/** Objects that are known by a name of their own, which the parser gives as one word or as a list. */
const PLAIN: Record<string, string> = {
  OBJECT_EXTENSION: 'extension',
  OBJECT_PUBLICATION: 'publication',
  OBJECT_SUBSCRIPTION: 'subscription',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_LANGUAGE: 'language',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FDW: 'foreign-data wrapper',
  OBJECT_ROLE: 'role',
  OBJECT_TABLESPACE: 'tablespace',
};

/** Objects that belong to a table. */
const ON_TABLES: Record<string, string> = {
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
};

const of = (kind: string, name: string | undefined) => name && `${kind} ${name}`;

const onTable = (catalog: Catalog, kind: string, name: string | undefined, range: RangeVar | undefined) =>
  name && `${kind} ${name} of ${resolve(catalog, range ?? {}, catalog.tables)}`;

/** Statistics have a schema: as written, else the first one of the search path that has them. */
function statistics(catalog: Catalog, parts: string[]): string {
  const has = (key: string) => catalog.objects?.has(`statistics ${key}`) === true;
  return `statistics ${resolve(catalog, named(parts), { has })}`;
}

const typeKey = (catalog: Catalog, parts: string[]) => resolve(catalog, named(parts), catalog.composites);

/** What DROP, COMMENT, ALTER … OWNER and the like name. */
function meant(
  catalog: Catalog,
  type: string | undefined,
  object: Node | undefined,
  range?: RangeVar,
): string | undefined {
  const words = nameParts(object);
  if (type === 'OBJECT_STATISTIC_EXT') return statistics(catalog, words);
  if (type === 'OBJECT_DOMCONSTRAINT' && object && 'List' in object) {
    const [domain, name] = object.List.items ?? [];
    const parts = domain && 'TypeName' in domain ? texts(domain.TypeName.names) : [];
    return onDomain(catalog, parts, texts(name ? [name] : [])[0]);
  }
  const own = ON_TABLES[type ?? ''];
  if (own)
    return range
      ? onTable(catalog, own, words.at(-1), range)
      : onTable(catalog, own, words.at(-1), named(words.slice(0, -1)));
  const plain = PLAIN[type ?? ''];
  return plain && of(plain, words.at(-1));
}

const onDomain = (catalog: Catalog, domain: string[], name: string | undefined) =>
  name && `constraint ${name} of ${resolve(catalog, named(domain), catalog.domains)}`;

const listOf = (words: string[]): Node => ({ List: { items: words.map((sval) => ({ String: { sval } })) } });

const TRIGGERS = /^AT_(?:Enable|Disable)(?:Always|Replica)?(Trig|Rule)$/;

/** Parts of ALTER TABLE name triggers and rules, those of ALTER TYPE attributes. */
function inParts(catalog: Catalog, { relation, cmds = [], objtype }: AlterTableStmt): Names {
  const parts = cmds.flatMap((node) => ('AlterTableCmd' in node ? node.AlterTableCmd : []));
  if (objtype === 'OBJECT_TYPE') return attributes(catalog, relation, parts);
  return {
    needs: parts.map(({ subtype = '', name }) => {
      if (subtype === 'AT_SetTableSpace') return of('tablespace', name);
      const [, kind] = TRIGGERS.exec(subtype) ?? [];
      return kind && onTable(catalog, kind === 'Trig' ? 'trigger' : 'rule', name, relation);
    }),
  };
}

function attributes(catalog: Catalog, relation: RangeVar | undefined, parts: AlterTableCmd[]): Names {
  const type = resolve(catalog, relation ?? {}, catalog.composites);
  const named = (subtype: string, loose: boolean) =>
    parts.flatMap(({ subtype: own, name, def, missing_ok: ifThere }) =>
      own === subtype && !(loose && ifThere) ? `attribute ${name ?? asColumn(def)?.colname} of ${type}` : [],
    );
  const dropped = named('AT_DropColumn', false);
  return {
    needs: [`type ${type}`, ...named('AT_DropColumn', true), ...named('AT_AlterColumnType', false)],
    makes: named('AT_AddColumn', false).filter((name) => !dropped.includes(name)),
    drops: dropped,
  };
}

/** Statements about one object that has to be there, or that they make: where they have its name, and what it is. */
const NEEDED: Record<string, [field: string, kind: string]> = {
  AlterExtensionStmt: ['extname', 'extension'],
  AlterExtensionContentsStmt: ['extname', 'extension'],
  AlterPublicationStmt: ['pubname', 'publication'],
  AlterSubscriptionStmt: ['subname', 'subscription'],
  AlterEventTrigStmt: ['trigname', 'event trigger'],
  AlterForeignServerStmt: ['servername', 'server'],
  CreateForeignTableStmt: ['servername', 'server'],
  CreateUserMappingStmt: ['servername', 'server'],
};
const MADE: Record<string, [field: string, kind: string]> = {
  CreatePublicationStmt: ['pubname', 'publication'],
  CreateEventTrigStmt: ['trigname', 'event trigger'],
  CreateFdwStmt: ['fdwname', 'foreign-data wrapper'],
  CreateRoleStmt: ['role', 'role'],
};

const inField = ([field, kind]: [string, string], node: object) =>
  of(kind, (node as Record<string, string | undefined>)[field]);

const FINDS: Record<string, Find> = {
  DropStmt(catalog, { removeType, objects = [], missing_ok: ifThere }: DropStmt) {
    if (removeType === 'OBJECT_TYPE')
      return {
        drops: objects.map((object) => `type ${typeKey(catalog, nameParts(object))}`),
      };
    const drops = objects.map((object) => meant(catalog, removeType, object));
    return { needs: ifThere ? [] : drops, drops };
  },
  CommentStmt: (catalog, { objtype, object }: CommentStmt) => ({ needs: [meant(catalog, objtype, object)] }),
  AlterOwnerStmt: (catalog, { objectType, object }: { objectType?: string; object?: Node }) => ({
    needs: [meant(catalog, objectType, object)],
  }),
  RenameStmt(catalog, { renameType, object, relation, subname, newname, missing_ok: ifThere }: RenameStmt) {
    if (renameType === 'OBJECT_ATTRIBUTE') {
      const type = resolve(catalog, relation ?? {}, catalog.composites);
      return {
        needs: [`attribute ${subname} of ${type}`],
        makes: [`attribute ${newname} of ${type}`],
        drops: [`attribute ${subname} of ${type}`],
      };
    }
    if (renameType === 'OBJECT_DOMCONSTRAINT') {
      const domain = nameParts(object);
      const [from, to] = [onDomain(catalog, domain, subname), onDomain(catalog, domain, newname)];
      return { needs: [from], makes: [to], drops: [from] };
    }
    if (renameType === 'OBJECT_TYPE') {
      const from = typeKey(catalog, nameParts(object));
      return { makes: [`type ${from.slice(0, from.indexOf('.'))}.${newname}`], drops: [`type ${from}`] };
    }
    const before = nameParts(object).slice(0, -1);
    const from = meant(catalog, renameType, object ?? listOf([subname ?? '']), relation);
    const to = meant(catalog, renameType, listOf([...before, newname ?? '']), relation);
    return { needs: ifThere ? [] : [from], makes: [to], drops: [from] };
  },
  AlterTableStmt: inParts,
  CreateTrigStmt: (catalog, { trigname, relation, replace }: CreateTrigStmt) => ({
    makes: [onTable(catalog, 'trigger', trigname, relation)],
    mayBeThere: replace,
  }),
  CreatePolicyStmt: (catalog, { policy_name: name, table }: CreatePolicyStmt) => ({
    makes: [onTable(catalog, 'policy', name, table)],
  }),
  AlterPolicyStmt: (catalog, { policy_name: name, table }: CreatePolicyStmt) => ({
    needs: [onTable(catalog, 'policy', name, table)],
  }),
  RuleStmt: (catalog, { rulename, relation, replace }: RuleStmt) => ({
    makes: [onTable(catalog, 'rule', rulename, relation)],
    mayBeThere: replace,
  }),
  AlterDomainStmt(
    catalog,
    {
      subtype,
      typeName,
      name,
      def,
      missing_ok: ifThere,
    }: { subtype?: string; typeName?: Node[]; name?: string; def?: Node; missing_ok?: boolean },
  ) {
    const parts = texts(typeName);
    const own = onDomain(catalog, parts, name);
    if (subtype === 'C') return { makes: [onDomain(catalog, parts, asConstraint(def)?.conname)] };
    if (subtype === 'V') return { needs: [own] };
    return subtype === 'X' ? { needs: ifThere ? [] : [own], drops: [own] } : {};
  },
  CreateStatsStmt: (
    catalog,
    { defnames, if_not_exists: ifNeeded }: CreateStatsStmt & { if_not_exists?: boolean },
  ) =>
    defnames?.length
      ? {
          makes: [`statistics ${resolve(catalog, named(texts(defnames)), new Map())}`],
          mayBeThere: ifNeeded,
        }
      : {},
  AlterStatsStmt: (
    catalog,
    { defnames, missing_ok: ifThere }: { defnames?: Node[]; missing_ok?: boolean },
  ) => ({
    needs: ifThere ? [] : [statistics(catalog, texts(defnames))],
  }),
  // its language or its wrapper mostly has its name
  CreateExtensionStmt: (
    catalog,
    { extname, if_not_exists: ifNeeded }: { extname?: string; if_not_exists?: boolean },
  ) => ({
    needs: catalog.objects?.has(`extension ${extname}`) ? [] : [of('available extension', extname)],
    makes: ['extension', 'language', 'foreign-data wrapper'].map((kind) => of(kind, extname)),
    mayBeThere: ifNeeded,
  }),
  CreateForeignServerStmt: (_, node: { servername?: string; fdwname?: string; if_not_exists?: boolean }) => ({
    needs: [of('foreign-data wrapper', node.fdwname)],
    makes: [of('server', node.servername)],
    mayBeThere: node.if_not_exists,
  }),
  CreateFunctionStmt: (_, { options = [] }: CreateFunctionStmt) => ({
    needs: options.map((node) => {
      const { defname, arg } = 'DefElem' in node ? node.DefElem : {};
      return defname === 'language' ? of('language', nameParts(arg)[0]?.toLowerCase()) : undefined;
    }),
  }),
  GrantRoleStmt: (_, { granted_roles: granted = [] }: { granted_roles?: Node[] }) => ({
    needs: granted.map((node) => ('AccessPriv' in node ? of('role', node.AccessPriv.priv_name) : undefined)),
  }),
  DropRoleStmt(_, { roles = [] }: { roles?: Node[] }) {
    return { drops: rolesIn(roles) };
  },
  CompositeTypeStmt(catalog, { typevar, coldeflist = [] }: { typevar?: RangeVar; coldeflist?: Node[] }) {
    const type = resolve(catalog, typevar ?? {}, new Map());
    return {
      makes: [`type ${type}`, ...coldeflist.map((node) => `attribute ${asColumn(node)?.colname} of ${type}`)],
    };
  },
};

/** Roles that a tree names; not those of words such as PUBLIC and CURRENT_USER. */
function rolesIn(tree: unknown): string[] {
  const found = new Set<string>();
  some({ tree }, (_, node) => {
    if (node.roletype === 'ROLESPEC_CSTRING') found.add(`role ${node.rolename}`);
    return false;
  });
  return [...found];
}

const SPACES = ['tablespacename', 'tableSpace', 'tableSpaceName'];

function spacesIn(tree: unknown): string[] {
  const found = new Set<string>();
  some({ tree }, (_, node) => {
    for (const field of SPACES) if (typeof node[field] === 'string') found.add(`tablespace ${node[field]}`);
    return false;
  });
  return [...found];
}

/** DROP ROLE IF EXISTS. */
const isLoose = ({ tag, node }: Act) =>
  tag === 'DropRoleStmt' && (node as { missing_ok?: boolean }).missing_ok === true;

/** What a statement names beside relations and their columns. */
export function namesOf(catalog: Catalog, act: Act): Names {
  const { tag, node } = act;
  const { needs = [], ...rest } =
    FINDS[tag]?.(catalog, node as never) ??
    (MADE[tag]
      ? { makes: [inField(MADE[tag], node)] }
      : NEEDED[tag]
        ? { needs: [inField(NEEDED[tag], node)] }
        : {});
  const roles = isLoose(act) ? [] : rolesIn(node);
  return { needs: [...needs, ...roles, ...spacesIn(node)], ...rest };
}
