/** A statement inside a PL/pgSQL body; `sql` is undefined where the text is made at run time. `line` is 1-based in the body. */
export interface Embedded {
  sql: string | undefined;
  line: number;
  /** A condition, a bound or a value, as the SELECT that computes it: of no account unless it calls something. */
  computes?: true;
}

interface Expression {
  query: string;
  parseMode?: number;
}

/** Statements that make their SQL of an expression, and where they have it. */
const DYNAMIC: Record<string, 'query' | 'dynquery'> = {
  PLpgSQL_stmt_dynexecute: 'query',
  PLpgSQL_stmt_dynfors: 'query',
  PLpgSQL_stmt_open: 'dynquery',
};

/** Modes of the parser: a whole statement, an expression; those from 3 on have a variable and := before one. Source: parser.h. */
const STATEMENT = 0;
const EXPRESSION = 2;

const optionOf = (node: object, option: string): string | undefined => {
  const { args = [] } = node as {
    args?: { DefElem?: { defname?: string; arg?: { String?: { sval?: string } } } }[];
  };
  return args.find(({ DefElem }) => DefElem?.defname === option)?.DefElem?.arg?.String?.sval;
};

/** Text between the dollars of a DO statement. */
export const bodyOf = (node: object): string => optionOf(node, 'as') ?? '';

/** The language of a DO statement. */
export const languageOf = (node: object): string => optionOf(node, 'language') ?? 'plpgsql';

/** Every statement in the tree of a body, branches and loops and handlers included, in the order of the text. */
export function embeddedStatements(
  tree: object,
  constant: (expression: string) => string | undefined,
): Embedded[] {
  const found: Embedded[] = [];
  const take = ({ query, parseMode = STATEMENT }: Expression, line: number) => {
    if (parseMode === STATEMENT) found.push({ sql: query, line });
    else {
      const value = parseMode > EXPRESSION ? query.replace(/^[^=]*?:?=\s*/s, '') : query;
      found.push({ sql: `SELECT ${value}`, line, computes: true });
    }
  };
  const visit = (value: unknown, key: string, line: number): void => {
    if (typeof value !== 'object' || value === null) return;
    const at = (value as { lineno?: number }).lineno ?? line;
    const made = DYNAMIC[key];
    for (const [name, child] of Object.entries(value as Record<string, { PLpgSQL_expr?: Expression }>)) {
      const text = name === made ? child.PLpgSQL_expr?.query : undefined;
      if (text !== undefined) found.push({ sql: constant(text), line: at });
      else if (name === 'PLpgSQL_expr') take(child as unknown as Expression, at);
      else visit(child, Array.isArray(value) ? key : name, at);
    }
  };
  visit(tree, '', 1);
  return found;
}
