import type { Node } from 'libpg-query';
import { parser } from './parser';
import { texts } from './syntax';

const identifier = (text: string) => `"${text.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

type Call = (args: string[]) => string | undefined;

/** format() with %I, %L, %s and %%, and as many values as places; widths and positions are not computed. */
const format: Call = ([template = '', ...values]) => {
  const rest = [...values];
  let known = true;
  const text = template.replaceAll(/%(.?)/g, (_, kind: string) => {
    if (kind === '%') return '%';
    const value = rest.shift();
    if (value === undefined || !'ILs'.includes(kind) || kind === '') {
      known = false;
      return '';
    }
    return kind === 'I' ? identifier(value) : kind === 'L' ? literal(value) : value;
  });
  return known ? text : undefined;
};

const CALLS: Record<string, Call> = {
  format,
  quote_ident: ([name]) => name && identifier(name),
  quote_literal: ([text]) => text && literal(text),
  concat: (args) => args.join(''),
};

function all(nodes: (Node | undefined)[]): string[] | undefined {
  const values = nodes.map((node) => node && textOf(node));
  return values.every((value) => value !== undefined) ? (values as string[]) : undefined;
}

function constant(node: { sval?: { sval?: string }; ival?: { ival?: number } }): string | undefined {
  if (node.sval) return node.sval.sval ?? '';
  return node.ival ? String(node.ival.ival ?? 0) : undefined;
}

function textOf(node: Node): string | undefined {
  if ('A_Const' in node) return constant(node.A_Const as Parameters<typeof constant>[0]);
  if ('TypeCast' in node) return node.TypeCast.arg && textOf(node.TypeCast.arg);
  if ('A_Expr' in node && texts(node.A_Expr.name).join() === '||')
    return all([node.A_Expr.lexpr, node.A_Expr.rexpr])?.join('');
  if (!('FuncCall' in node)) return undefined;
  const args = all(node.FuncCall.args ?? []);
  return args && CALLS[texts(node.FuncCall.funcname).at(-1) ?? '']?.(args);
}

/**
 * The text that an expression of constants comes to, as EXECUTE is given it: a string, strings put together, format() and
 * the functions that quote. Undefined as soon as a variable or a row has a part in it. The parser must have been loaded.
 * Source: PostgreSQL documentation, "String Functions and Operators".
 */
export function constantText(expression: string): string | undefined {
  const [first] = parser().parseSync(`SELECT ${expression}`).stmts ?? [];
  const [target] =
    (first?.stmt as { SelectStmt?: { targetList?: Node[] } } | undefined)?.SelectStmt?.targetList ?? [];
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  return value && textOf(value);
}
