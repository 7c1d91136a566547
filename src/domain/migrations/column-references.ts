import type { Node, RangeFunction, RangeSubselect, RangeVar, ResTarget } from 'libpg-query';
import { columnsGiven } from './schema/objects';
import { asColumn, some, texts } from './syntax';

/** A column of a relation, and the other relations that have one of its name: without them a bare name could not be told. */
export interface ColumnOf {
  /** schema.name */
  of: string;
  column: string;
  /** Not meant without its schema. */
  shadowed: boolean;
  alsoIn: readonly string[];
}

type Tree = Record<string, unknown>;

/** What a name before a dot, or none, can mean inside a statement. */
interface Source {
  alias: string;
  /** Absent where it is a query, of which `gives` says the columns, as far as they can be told. */
  relation?: RangeVar;
  gives?: readonly string[] | undefined;
  /** What a query reads of which it gives every column, by a *. */
  stars?: Source[];
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
const nodesOf = (value: unknown) => (Array.isArray(value) ? (value as Node[]) : []);

/** Whether a name in a statement means a relation, given as schema.name. Without a schema it may, if it is not shadowed. */
const means = ({ schemaname, relname }: RangeVar, key: string, shadowed = false): boolean =>
  schemaname === undefined ? !shadowed && key.endsWith(`.${relname}`) : key === `${schemaname}.${relname}`;

/** A query under a name: in WITH, or in FROM. */
function queryOf(
  alias: string,
  query: Node | undefined,
  colnames: Node[] | undefined,
  ctes: readonly Source[],
): Source {
  const gives = columnsGiven(query, colnames);
  const tree = firstOf(Object.values(query ?? {})[0] as Tree);
  const star = some({ given: [tree.targetList, tree.returningClause] }, (tag) => tag === 'A_Star');
  return { alias, gives, stars: gives === undefined && star ? scopeOf(tree, ctes) : [] };
}

/** Of a UNION, the query that names its columns. */
const firstOf = (tree: Tree = {}): Tree => (isTree(tree.larg) ? firstOf(tree.larg) : tree);

/** The queries of WITH: what they are called behind it, and what each of them sees: those before it, or all if recursive. */
function withOf({ withClause }: Tree, outer: readonly Source[]) {
  if (!isTree(withClause)) return { ctes: outer, queries: [] };
  const own = nodesOf(withClause.ctes).flatMap((node) =>
    'CommonTableExpr' in node ? node.CommonTableExpr : [],
  );
  const sources: Source[] = [];
  for (const { ctename = '', ctequery, aliascolnames } of own)
    sources.push(queryOf(ctename, ctequery, aliascolnames, [...sources, ...outer]));
  const queries = own.map(({ ctequery }, at) => ({
    query: ctequery,
    sees: [...(withClause.recursive ? sources : sources.slice(0, at)), ...outer],
  }));
  return { ctes: [...sources, ...outer], queries };
}

/** A function in FROM gives the columns that are said behind it, else one of its own name. */
function functionOf({ alias, coldeflist }: RangeFunction): Source {
  const said = nodesOf(coldeflist).flatMap((node) => asColumn(node)?.colname ?? []);
  const given = [...said, ...texts(alias?.colnames)];
  const name = alias?.aliasname ?? '';
  return { alias: name, gives: given.length > 0 ? given : [name] };
}

const cteOf = ({ schemaname, relname }: RangeVar, ctes: readonly Source[]) =>
  schemaname === undefined ? ctes.find(({ alias }) => alias === relname) : undefined;

/** What stands in FROM, USING and the like, joins taken apart. */
function sourcesIn(value: unknown, ctes: readonly Source[]): Source[] {
  if (Array.isArray(value)) return value.flatMap((one) => sourcesIn(one, ctes));
  if (!isTree(value)) return [];
  if ('relname' in value) {
    const range = value as RangeVar;
    const alias = range.alias?.aliasname ?? range.relname ?? '';
    const cte = cteOf(range, ctes);
    return [cte ? { ...cte, alias } : { alias, relation: range }];
  }
  if (isTree(value.RangeVar)) return sourcesIn(value.RangeVar, ctes);
  if (isTree(value.RangeSubselect)) {
    const { alias, subquery } = value.RangeSubselect as RangeSubselect;
    return [queryOf(alias?.aliasname ?? '', subquery, alias?.colnames, ctes)];
  }
  if (isTree(value.RangeFunction)) return [functionOf(value.RangeFunction)];
  if (isTree(value.JoinExpr)) return sourcesIn([value.JoinExpr.larg, value.JoinExpr.rarg], ctes);
  return [];
}

const ALIASES_OF_TARGET = ['excluded', 'old', 'new'];

/** What a statement brings into scope, if it is one that does. */
function scopeOf(tree: Tree, ctes: readonly Source[]): Source[] {
  const target = sourcesIn(tree.relation, ctes);
  return [
    ...target,
    ...target.flatMap((source) => ALIASES_OF_TARGET.map((alias) => ({ ...source, alias }))),
    ...sourcesIn([tree.fromClause, tree.usingClause, tree.sourceRelation], ctes),
  ];
}

/** Whether a column that is read under a name is the one; the innermost statement that has such a column is meant. */
function isMeant(
  fields: string[],
  scopes: readonly Source[][],
  { of, column, shadowed, alsoIn }: ColumnOf,
): boolean {
  if (fields.at(-1) !== column) return false;
  const qualifier = fields.at(-2);
  for (const scope of scopes) {
    const sources = qualifier === undefined ? scope : scope.filter(({ alias }) => alias === qualifier);
    const gives = (source: Source, keys: readonly string[], hidden = false): boolean =>
      source.relation
        ? keys.some((key) => means(source.relation!, key, hidden))
        : source.stars?.some((one) => gives(one, keys, hidden)) === true;
    if (sources.some((source) => gives(source, [of], shadowed))) return true;
    const elsewhere = sources.some((source) => gives(source, alsoIn) || source.gives?.includes(column));
    if (elsewhere || (qualifier !== undefined && sources.length > 0)) return false;
  }
  return false;
}

const targets = (value: unknown) =>
  nodesOf(value).flatMap((node) => ('ResTarget' in node ? ((node.ResTarget as ResTarget).name ?? []) : []));

/** Columns that a statement names as its own target's. In other lists of results a name is one that is given there. */
function written(tag: string, tree: Tree): string[] {
  if (tag === 'CopyStmt') return texts(nodesOf(tree.attlist));
  if (tag === 'InsertStmt')
    return [...targets(tree.cols), ...targets((tree.onConflictClause as Tree)?.targetList)];
  if (tag === 'UpdateStmt') return targets(tree.targetList);
  if (tag !== 'MergeStmt') return [];
  return nodesOf(tree.mergeWhenClauses).flatMap((node) =>
    'MergeWhenClause' in node ? targets(node.MergeWhenClause.targetList) : [],
  );
}

const insertsByPlace = (node: Node) =>
  'MergeWhenClause' in node && node.MergeWhenClause.values !== undefined && !node.MergeWhenClause.targetList;

/** Names no columns, so that they are meant by their places. */
const byPlace = (tag: string, tree: Tree) =>
  (tag === 'InsertStmt' && tree.cols === undefined && tree.selectStmt !== undefined) ||
  (tag === 'MergeStmt' && nodesOf(tree.mergeWhenClauses).some(insertsByPlace)) ||
  (tag === 'CopyStmt' && tree.attlist === undefined && tree.query === undefined);

/** What ORDER BY reads: a bare name means a result of that name before it means a column. */
function sortedBy({ sortClause, targetList }: Tree): Node[] {
  const results = nodesOf(targetList).flatMap((node) => {
    const { name, val } = 'ResTarget' in node ? node.ResTarget : {};
    return name ?? (val && 'ColumnRef' in val ? (texts(val.ColumnRef.fields).at(-1) ?? []) : []);
  });
  return nodesOf(sortClause).filter((node) => {
    const by = 'SortBy' in node ? node.SortBy.node : undefined;
    const fields = by && 'ColumnRef' in by ? texts(by.ColumnRef.fields) : [];
    return fields.length !== 1 || !results.includes(fields[0]!);
  });
}

type Visit = (tag: string, node: Tree, scopes: readonly Source[][], ctes: readonly Source[]) => boolean;

/**
 * Whether any node of a statement satisfies the visit; it is asked with what the names there can mean. Source: PostgreSQL
 * documentation, SELECT, "WITH Clause" and "FROM Clause": the innermost name is meant; neither a query in WITH nor one in
 * FROM without LATERAL, nor what is inserted, sees what stands beside it.
 */
function anywhere(tree: unknown, visit: Visit): boolean {
  function walk(tag: string, value: unknown, outer: readonly Source[][], seen: readonly Source[]): boolean {
    if (Array.isArray(value)) return value.some((one) => walk(tag, one, outer, seen));
    if (!isTree(value)) return false;
    const { ctes, queries } = withOf(value, seen);
    const scope = scopeOf(value, ctes);
    const inside = scope.length > 0 ? [scope, ...outer] : outer;
    if (visit(tag, value, inside, ctes)) return true;
    const beside = tag === 'RangeSubselect' && value.lateral !== true ? outer.slice(1) : inside;
    return Object.entries(value).some(([key, child]) => {
      if (key === 'withClause') return queries.some(({ query, sees }) => walk(key, query, outer, sees));
      if (key === 'selectStmt') return walk(key, child, outer, ctes);
      if (key === 'sortClause' && value.targetList) return walk(key, sortedBy(value), inside, ctes);
      // FOR UPDATE OF names what FROM does
      return key !== 'lockingClause' && walk(key, child, beside, ctes);
    });
  }
  return walk('', tree, [], []);
}

/**
 * Whether a statement needs a column: reads it under its name, writes it, or means columns by their places. `SELECT *` does
 * without.
 * @param tree the parser's, of the whole statement
 */
export const needsColumn = (tree: unknown, wanted: ColumnOf): boolean =>
  anywhere(tree, (tag, node, scopes, ctes) => {
    const { column } = wanted;
    if (tag === 'ColumnRef') return isMeant(texts(nodesOf(node.fields)), scopes, wanted);
    if (tag === 'IndexElem') return node.name === column && isMeant([column], scopes, wanted);
    if (tag === 'JoinExpr' && texts(nodesOf(node.usingClause)).includes(column))
      return isMeant([column], [sourcesIn([node.larg, node.rarg], ctes)], wanted);
    const target = node.relation as RangeVar | undefined;
    if (target?.relname === undefined || !means(target, wanted.of, wanted.shadowed)) return false;
    return byPlace(tag, node) || written(tag, node).includes(column);
  });

/** Whether a statement names a relation, given as schema.name; a query in WITH of that name is none. */
export const needsRelation = (tree: unknown, of: string, shadowed: boolean): boolean =>
  anywhere(
    tree,
    (_, node, __, ctes) =>
      'relname' in node &&
      means(node as RangeVar, of, shadowed) &&
      cteOf(node as RangeVar, ctes) === undefined,
  );
