import type { Node } from 'libpg-query';
import type { Constraint, Index, Table } from './catalog';
import { texts } from './syntax';

/** NAMEDATALEN is 64, with an end. */
const LONGEST = 63;

/** A name as PostgreSQL makes it up, too long parts cut. Source: indexcmds.c, makeObjectName and ChooseRelationName. */
export function madeName(
  table: string,
  columns: readonly string[],
  label: string,
  isTaken: (name: string) => boolean = () => false,
): string {
  const joined = columns.join('_');
  for (let i = 0; ; i++) {
    const end = `${label}${i === 0 ? '' : i}`;
    const room = LONGEST - end.length - 1 - (joined === '' ? 0 : 1);
    let [first, second] = [table.length, joined.length];
    while (first + second > room) {
      if (first > second) first--;
      else second--;
    }
    const name = [table.slice(0, first), ...(joined === '' ? [] : [joined.slice(0, second)]), end].join('_');
    if (!isTaken(name)) return name;
  }
}

/** What stands for an expression in a name. Source: parse_target.c, FigureIndexColname. */
function nameOf(expression: Node): string | undefined {
  if ('ColumnRef' in expression) return texts(expression.ColumnRef.fields).at(-1);
  if ('FuncCall' in expression) return texts(expression.FuncCall.funcname).at(-1);
  if ('CollateClause' in expression)
    return expression.CollateClause.arg && nameOf(expression.CollateClause.arg);
  if ('TypeCast' in expression) {
    const { arg, typeName } = expression.TypeCast;
    return (arg && nameOf(arg)) ?? texts(typeName?.names).at(-1);
  }
  if ('CoalesceExpr' in expression) return 'coalesce';
  if ('CaseExpr' in expression)
    return (expression.CaseExpr.defresult && nameOf(expression.CaseExpr.defresult)) ?? 'case';
  return undefined;
}

/** What the name of an index without one is made of: its columns and what INCLUDE adds, one of a name only once. */
export function partsOfName(elements: readonly Node[]): string[] {
  const parts: string[] = [];
  for (const element of elements) {
    if (!('IndexElem' in element)) continue;
    const { name, expr } = element.IndexElem;
    const part = name ?? (expr && nameOf(expr)) ?? 'expr';
    const number = parts.filter((one) => one === part).length;
    parts.push(number === 0 ? part : `${part}${number}`);
  }
  return parts;
}

const LABELS: Partial<Record<Constraint['kind'], string>> = {
  primary: 'pkey',
  unique: 'key',
  exclude: 'excl',
};

/** Indexes of a table for another one that is made like it, or is a partition of it: each has a name of its own there. */
export function indexesLike(from: Table, to: Pick<Table, 'name' | 'indexes'>): Index[] {
  const own: Index[] = [];
  for (const index of from.indexes) {
    const kind = from.constraints.find(({ name }) => name === index.name)?.kind;
    const isTaken = (name: string) => [...to.indexes, ...own].some((one) => one.name === name);
    const name = madeName(
      to.name.slice(to.name.indexOf('.') + 1),
      kind === 'primary' ? [] : (index.parts ?? index.columns),
      (kind && LABELS[kind]) ?? 'idx',
      isTaken,
    );
    own.push({ ...index, name, partOf: index.name });
  }
  return own;
}
