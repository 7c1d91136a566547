import type { Node, RangeVar, ResTarget } from 'libpg-query';
import { columnsGiven } from './schema-objects';
import { texts } from './syntax';

/** A column of a relation, and the other relations that have one of its name: without them a bare name could not be told. */
export interface ColumnOf {
  /** schema.name */
  of: string;
  column: string;
  alsoIn: readonly string[];
}

type Tree = Record<string, unknown>;

/** What a name before a dot, or none, can mean inside a statement. */
interface Source {
  alias: string;
  /** Absent where it is a query, of which `gives` says the columns, as far as they can be told. */
  relation?: RangeVar;
  gives?: readonly string[] | undefined;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
const nodesOf = (value: unknown) => (Array.isArray(value) ? (value as Node[]) : []);

/** Whether a name in a statement means a relation, given as schema.name. Without a schema it may. */
export const means = ({ schemaname, relname }: RangeVar, key: string): boolean =>
  schemaname === undefined ? key.endsWith(`.${relname}`) : key === `${schemaname}.${relname}`;

/** Queries under names: in WITH, and in FROM. */
const queryOf = (alias: Tree | undefined, query: unknown) => ({
  alias: (alias?.aliasname as string | undefined) ?? '',
  gives: columnsGiven(query as Node, alias?.colnames as Node[] | undefined),
});

function withOf({ withClause }: Tree): Source[] {
  const ctes = isTree(withClause) ? nodesOf(withClause.ctes) : [];
  return ctes.flatMap((node) => {
    if (!('CommonTableExpr' in node)) return [];
    const { ctename, ctequery, aliascolnames } = node.CommonTableExpr;
    return { alias: ctename ?? '', gives: columnsGiven(ctequery, aliascolnames) };
  });
}

/** What stands in FROM, USING and the like, joins taken apart. */
function sourcesIn(value: unknown, ctes: readonly Source[]): Source[] {
  if (Array.isArray(value)) return value.flatMap((one) => sourcesIn(one, ctes));
  if (!isTree(value)) return [];
  if ('relname' in value) {
    const range = value as RangeVar;
    const alias = range.alias?.aliasname ?? range.relname ?? '';
    const cte = range.schemaname === undefined && ctes.find((one) => one.alias === range.relname);
    return [cte ? { alias, gives: cte.gives } : { alias, relation: range }];
  }
  if (isTree(value.RangeVar)) return sourcesIn(value.RangeVar, ctes);
  if (isTree(value.RangeSubselect))
    return [queryOf(value.RangeSubselect.alias as Tree, value.RangeSubselect.subquery)];
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
function isMeant(fields: string[], scopes: readonly Source[][], { of, column, alsoIn }: ColumnOf): boolean {
  if (fields.at(-1) !== column) return false;
  const qualifier = fields.at(-2);
  for (const scope of scopes) {
    const sources = qualifier === undefined ? scope : scope.filter(({ alias }) => alias === qualifier);
    if (sources.some(({ relation }) => relation && means(relation, of))) return true;
    const elsewhere = sources.some(({ relation, gives }) =>
      relation ? alsoIn.some((key) => means(relation, key)) : gives?.includes(column),
    );
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

/** Names no columns, so that they are meant by their places. */
const byPlace = (tag: string, tree: Tree) =>
  (tag === 'InsertStmt' && tree.cols === undefined && tree.selectStmt !== undefined) ||
  (tag === 'CopyStmt' && tree.attlist === undefined && tree.query === undefined);

/**
 * Whether a statement needs a column: reads it under its name, writes it, or means columns by their places. `SELECT *` does
 * without. Source: PostgreSQL documentation, SELECT, "WITH Clause" and "FROM Clause": the innermost name is meant.
 * @param tree the parser's, of the whole statement
 */
export function needsColumn(tree: unknown, wanted: ColumnOf): boolean {
  function walk(tag: string, value: unknown, scopes: readonly Source[][], ctes: readonly Source[]): boolean {
    if (Array.isArray(value)) return value.some((one) => walk(tag, one, scopes, ctes));
    if (!isTree(value)) return false;
    if (tag === 'ColumnRef') return isMeant(texts(nodesOf(value.fields)), scopes, wanted);
    const own = [...withOf(value), ...ctes];
    const target = value.relation as RangeVar | undefined;
    if (target?.relname !== undefined && means(target, wanted.of)) {
      if (byPlace(tag, value) || written(tag, value).includes(wanted.column)) return true;
    }
    const scope = scopeOf(value, own);
    const inside = scope.length > 0 ? [scope, ...scopes] : scopes;
    return Object.entries(value).some(([key, child]) => walk(key, child, inside, own));
  }
  return walk('', tree, [], []);
}
