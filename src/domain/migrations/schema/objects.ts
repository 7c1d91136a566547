import type {
  AlterEnumStmt,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateEnumStmt,
  CreatePolicyStmt,
  CreateSchemaStmt,
  CreateSeqStmt,
  CreateTrigStmt,
  Node,
  RangeVar,
  RuleStmt,
  ViewStmt,
} from 'libpg-query';
import { type Catalog, type Column, type Policy, resolve, type Table } from '../catalog';
import { qualified } from '../names';
import { asColumn, columnsIn, named, partsOfName, some, textOf, texts, typeOf } from '../syntax';
import { hold, mayFill, option, relationsIn, userType } from './held';
import { publicationChanges } from './publications';
import { own, rightsChanges } from './rights';
import { routineChanges } from './routines';

/** Key of a relation that a statement creates: where it has no schema, in the first one of the search path. */
export const newName = (catalog: Catalog, range: RangeVar): string => resolve(catalog, range, new Map());

/** Names of columns that a query gives, where they can be told: not behind a *. */
export function columnsGiven(query: Node | undefined, aliases: Node[] | undefined): string[] | undefined {
  const given = texts(aliases);
  if (given.length > 0) return given;
  if (!query || !('SelectStmt' in query)) return undefined;
  const { targetList = [], larg } = query.SelectStmt;
  if (larg) return columnsGiven({ SelectStmt: larg }, undefined);
  const names = targetList.map((target) => {
    if (!('ResTarget' in target)) return undefined;
    const { name, val } = target.ResTarget;
    if (name) return name;
    if (val && 'ColumnRef' in val) return texts(val.ColumnRef.fields).at(-1);
    return val && 'FuncCall' in val ? texts(val.FuncCall.funcname).at(-1) : undefined;
  });
  const star = some(
    { targetList: targetList.map((target) => ('ResTarget' in target ? (target.ResTarget.val ?? {}) : {})) },
    (tag) => tag === 'A_Star',
  );
  return star || names.some((name) => name === undefined) ? undefined : (names as string[]);
}

const asColumns = (names: string[] | undefined): Column[] =>
  (names ?? []).map((name) => ({
    name,
    type: { name: '', modifiers: [] },
    nullable: true,
    hasDefault: false,
  }));

/** What a query reads of the tables: columns that it names, or all where it says *. */
function viewOf(catalog: Catalog, name: string, query: unknown) {
  const named = columnsIn(query);
  const star = some({ query }, (tag) => tag === 'A_Star');
  for (const key of relationsIn(catalog, query)) {
    const table = catalog.tables.get(key);
    if (!table || table.views.some((view) => view.name === name)) continue;
    const own = table.columns.map((column) => column.name);
    const columns = star ? own : own.filter((column) => named.includes(column));
    catalog.tables.set(key, { ...table, views: [...table.views, { name, columns }] });
  }
}

/** At most so many rows come of these tables; undefined as soon as one of them was not counted. */
function sumOf(tables: (Table | undefined)[]): Pick<Table, 'rows' | 'bytes'> {
  const sum = (of: (table: Table) => number | undefined) =>
    tables.reduce<number | undefined>((before, table) => {
      const more = table && of(table);
      return before === undefined || more === undefined ? undefined : before + more;
    }, 0);
  return { rows: sum(({ rows }) => rows), bytes: sum(({ bytes }) => bytes) };
}

const fresh = (name: string, kind: Table['kind'], columns: string[] | undefined): Table => ({
  name,
  kind,
  columns: asColumns(columns),
  constraints: [],
  indexes: [],
  views: [],
  storage: { logged: true, method: 'heap', space: 'pg_default' },
  created: true,
});

/** Bits of a trigger's time and events in the parser's tree, as in pg_trigger. */
const BEFORE = 2;
const INSERT = 4;

const LETTERS: Record<string, string> = { select: 'r', insert: 'a', update: 'w', delete: 'd' };

/** What a CREATE POLICY makes. */
export function policyOf({ policy_name, cmd_name, permissive, roles = [], qual }: CreatePolicyStmt): Policy {
  const named = roles.flatMap((node) => ('RoleSpec' in node ? node.RoleSpec : []));
  const isOpen = qual && 'A_Const' in qual && 'boolval' in qual.A_Const;
  return {
    name: policy_name ?? '',
    commands: LETTERS[cmd_name ?? ''] ?? 'rawd',
    ...(permissive !== true && { restrictive: true }),
    ...(isOpen && { open: (qual.A_Const as { boolval?: { boolval?: boolean } }).boolval?.boolval === true }),
    ...(!named.some(({ roletype }) => roletype === 'ROLESPEC_PUBLIC') && {
      roles: named.flatMap(({ rolename }) => rolename ?? []),
    }),
  };
}

const use = (catalog: Catalog, parts: string[], by: string) => {
  const key = resolve(catalog, named(parts), catalog.routines);
  const routine = catalog.routines.get(key);
  if (routine) catalog.routines.set(key, { ...routine, usedBy: [...routine.usedBy, by] });
};

/** A relation's key as PostgreSQL describes it, in quotation marks where it needs them. */
export const inWords = (key: string): string =>
  qualified(key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1));

/** Functions that an expression calls, and sequences that it takes numbers of, are used by what it belongs to. */
export function useIn(catalog: Catalog, expression: unknown, by: string, column?: string) {
  some({ expression }, (tag, node) => {
    if (tag !== 'FuncCall') return false;
    const parts = texts(node.funcname as Node[]);
    use(catalog, parts, by);
    const [name] = (node.args ?? []) as Node[];
    const text = parts.at(-1) === 'nextval' ? textOf(name) : undefined;
    const numbers = resolve(catalog, named(partsOfName(text ?? '')), catalog.sequences);
    const known = catalog.sequences.get(numbers);
    if (known && column && !known.usedBy.includes(column))
      catalog.sequences.set(numbers, { ...known, usedBy: [...known.usedBy, column] });
    return false;
  });
}

/** What statements do that make something other than tables. */
export const objectChanges: Record<string, (catalog: Catalog, node: never) => void> = {
  ...publicationChanges,
  ...routineChanges,
  ...rightsChanges,
  ViewStmt(catalog, { view = {}, query, aliases, options, withCheckOption }: ViewStmt) {
    const name = newName(catalog, view);
    const settings = (options ?? []).flatMap((node) =>
      'DefElem' in node ? `${node.DefElem.defname}=true` : [],
    );
    const check = withCheckOption === 'NO_CHECK_OPTION' || !withCheckOption ? [] : ['check_option=cascaded'];
    const known = catalog.tables.get(name);
    catalog.tables.set(name, {
      ...(known ?? fresh(name, 'view', columnsGiven(query, aliases))),
      settings: [...settings, ...check],
    });
    viewOf(catalog, name, query);
  },
  CreateTableAsStmt(
    catalog,
    {
      into,
      query,
      objtype,
    }: { into?: { rel?: RangeVar; colNames?: Node[] }; query?: Node; objtype?: string },
  ) {
    const name = newName(catalog, into?.rel ?? {});
    if (catalog.tables.has(name)) return;
    const temporary = into?.rel?.relpersistence === 't';
    const view = objtype === 'OBJECT_MATVIEW';
    const made = fresh(name, view ? 'materialized' : 'table', columnsGiven(query, into?.colNames));
    const from = relationsIn(catalog, query).map((key) => catalog.tables.get(key));
    const copied = !view && from.some((table) => table?.created !== true);
    catalog.tables.set(name, {
      ...made,
      ...(view ? {} : sumOf(from)),
      ...(copied && { copied }),
      ...(temporary && { temporary }),
    });
    if (view) viewOf(catalog, name, query);
  },
  CreateTrigStmt(catalog, node: CreateTrigStmt) {
    const { relation = {}, row, timing = 0, events = 0, columns, whenClause, trigname = '', funcname } = node;
    const beforeInsert = row === true && (timing & BEFORE) !== 0 && (events & INSERT) !== 0;
    const read = [...texts(columns), ...columnsIn({ whenClause })];
    hold(catalog, relation, { kind: 'trigger', name: trigname, columns: read }, (table) =>
      beforeInsert ? { filled: true, ...mayFill(table) } : {},
    );
    use(
      catalog,
      texts(funcname),
      `trigger ${trigname} on table ${inWords(resolve(catalog, relation, catalog.tables))}`,
    );
  },
  CreatePolicyStmt(catalog, node: CreatePolicyStmt) {
    const { table = {}, policy_name: name = '', qual, with_check } = node;
    hold(
      catalog,
      table,
      { kind: 'policy', name, columns: columnsIn({ qual, with_check }) },
      ({ policies = [] }) => ({
        policies: [...policies, policyOf(node)],
      }),
    );
  },
  RuleStmt(catalog, { relation = {}, rulename = '', actions, whereClause }: RuleStmt) {
    hold(
      catalog,
      relation,
      { kind: 'rule', name: rulename, columns: columnsIn({ actions, whereClause }) },
      ({ rules = [] }) => ({
        rules: [...rules, rulename],
      }),
    );
  },
  CreateSeqStmt(catalog, { sequence = {}, options }: CreateSeqStmt) {
    const name = newName(catalog, sequence);
    if (catalog.sequences.has(name)) return;
    const owned = option(options, 'owned_by')?.arg;
    const parts = owned && 'List' in owned ? texts(owned.List.items) : [];
    const table = resolve(catalog, named(parts.slice(0, -1)), catalog.tables);
    catalog.sequences.set(name, {
      ...(parts.length > 1 && { owner: { table, column: parts.at(-1)! } }),
      usedBy: [],
      created: true,
    });
  },
  CreateDomainStmt(catalog, { domainname, constraints = [], typeName }: CreateDomainStmt) {
    const all = constraints.flatMap((node) => ('Constraint' in node ? node.Constraint : []));
    const value = all.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
    catalog.domains.set(resolve(catalog, named(texts(domainname)), new Map()), {
      base: { ...typeOf(typeName), name: userType(catalog, typeOf(typeName).name) },
      constrained: all.some(({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL'),
      ...(value && { default: value }),
    });
  },
  AlterDomainStmt(catalog, { typeName, subtype, def }: { typeName?: Node[]; subtype?: string; def?: Node }) {
    const key = resolve(catalog, named(texts(typeName)), catalog.domains);
    const domain = catalog.domains.get(key);
    if (!domain) return;
    if (subtype === 'C' || subtype === 'O') catalog.domains.set(key, { ...domain, constrained: true });
    if (subtype === 'T') catalog.domains.set(key, { ...domain, default: def });
  },
  CreateSchemaStmt(catalog, { schemaname, authrole }: CreateSchemaStmt) {
    if (catalog.schemas && schemaname) catalog.schemas = [...catalog.schemas, schemaname];
    own(catalog, `schema ${schemaname ?? authrole?.rolename}`, authrole);
  },
  CreateEnumStmt(catalog, { typeName, vals }: CreateEnumStmt) {
    const name = resolve(catalog, named(texts(typeName)), new Map());
    catalog.enums.set(name, texts(vals));
    catalog.newTypes.add(name);
  },
  AlterEnumStmt(catalog, { typeName, oldVal, newVal = '' }: AlterEnumStmt) {
    const key = resolve(catalog, named(texts(typeName)), catalog.enums);
    const labels = catalog.enums.get(key);
    if (!labels || labels.includes(newVal)) return;
    catalog.enums.set(
      key,
      oldVal === undefined ? [...labels, newVal] : labels.map((label) => (label === oldVal ? newVal : label)),
    );
  },
  CompositeTypeStmt(catalog, { typevar, coldeflist = [] }: CompositeTypeStmt) {
    const types = coldeflist.map((node) => userType(catalog, typeOf(asColumn(node)?.typeName).name));
    catalog.composites.set(newName(catalog, typevar ?? {}), types);
  },
};
