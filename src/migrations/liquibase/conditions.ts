/** Names in lists and expressions of Liquibase, separated by commas. */
const namesIn = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');

/** Whether a changeset or a change is for PostgreSQL. Source: Liquibase, `DatabaseList.definitionMatches`. */
export function isForPostgres(dbms: string | undefined): boolean {
  const names = namesIn(dbms ?? '');
  const wanted = names.filter((name) => !name.startsWith('!'));
  if (names.includes('none') || names.includes('!postgresql')) return false;
  return wanted.length === 0 || wanted.includes('all') || wanted.includes('postgresql');
}

/**
 * Whether an expression over names holds where some are given: "a and !b", "a, b", "(a or b) and not c".
 * Source: Liquibase, `ExpressionMatcher`.
 */
export function holds(expression: string, given: ReadonlySet<string>): boolean {
  const inner = /\(([^()]*)\)/.exec(expression);
  if (inner) {
    const value = holds(inner[1]!, given) ? ' true ' : ' !true ';
    return holds(
      expression.replace(inner[0], () => value),
      given,
    );
  }
  const one = (term: string): boolean => {
    const negated = /^\s*(?:!|not\s)\s*(.*)$/s.exec(term);
    if (negated) return !one(negated[1]!);
    const name = term.trim();
    return name === '' || name === 'true' || given.has(name);
  };
  return expression
    .toLowerCase()
    .split(/,|\bor\b/)
    .some((part) => part.split(/\band\b/).every(one));
}

/** What a run is told to leave out; nothing where the project's files do not say. */
export interface Filter {
  contexts: ReadonlySet<string>;
  labels: string;
}

export const filterOf = (contexts = '', labels = ''): Filter => ({
  contexts: new Set(namesIn(contexts)),
  labels,
});

/** Whether a changeset runs as far as its database, its context and its labels say. */
export function runs(
  { dbms, context, labels }: { dbms?: string; context?: string; labels?: string },
  filter: Filter,
): boolean {
  if (!isForPostgres(dbms)) return false;
  if (context && filter.contexts.size > 0 && !holds(context, filter.contexts)) return false;
  return !labels || filter.labels === '' || holds(filter.labels, new Set(namesIn(labels)));
}
