/** A statement inside a PL/pgSQL body; `sql` is undefined where the text is made at run time. `line` is 1-based in the body. */
export interface Embedded {
  sql: string | undefined;
  line: number;
}

interface Expression {
  PLpgSQL_expr: { query: string };
}
interface Executed {
  lineno?: number;
  sqlstmt?: Expression;
  expr?: Expression;
  query?: Expression;
}

/** Statements that hold SQL of their own: static, or an expression that makes it. */
const STATIC = new Map<string, (found: Executed) => Expression | undefined>([
  ['PLpgSQL_stmt_execsql', ({ sqlstmt }) => sqlstmt],
  ['PLpgSQL_stmt_perform', ({ expr }) => expr],
  ['PLpgSQL_stmt_call', ({ expr }) => expr],
]);
const DYNAMIC = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors']);

/** Text between the dollars of a DO statement. */
export function bodyOf(node: object): string {
  const { args = [] } = node as {
    args?: { DefElem?: { defname?: string; arg?: { String?: { sval?: string } } } }[];
  };
  return args.find(({ DefElem }) => DefElem?.defname === 'as')?.DefElem?.arg?.String?.sval ?? '';
}

/** Every statement in the tree of a body, branches and loops and handlers included, in the order of the text. */
export function embeddedStatements(
  tree: object,
  constant: (expression: string) => string | undefined,
): Embedded[] {
  const found: Embedded[] = [];
  const visit = (value: unknown, key: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { lineno: line = 1, ...rest } = value as Executed;
    const fixed = STATIC.get(key)?.(rest)?.PLpgSQL_expr.query;
    if (fixed !== undefined) found.push({ sql: fixed, line });
    else if (DYNAMIC.has(key)) found.push({ sql: constant(rest.query!.PLpgSQL_expr.query), line });
    for (const [name, child] of Object.entries(value)) visit(child, Array.isArray(value) ? key : name);
  };
  visit(tree, '');
  return found;
}
