/** Words that begin a statement in a remedy. */
const BEGINS =
  /^(?:ALTER|CREATE|DROP|UPDATE|DELETE FROM|GRANT|COMMENT ON|ANALYZE|VACUUM|REINDEX|REFRESH|SELECT|INSERT|REASSIGN)\b/;

/** Where a statement in a remedy is over and words about it begin. */
const WORDS_BEHIND =
  /,? (?=(?:outside a transaction|afterwards|in batches|first|for the roles|when |in a later|in the same|without |TO the application)\b)/;

/** Cut at semicolons that stand in no bracket and no quotes. */
function parts(remedy: string): string[] {
  const found = [''];
  let depth = 0;
  let quoted = false;
  for (const sign of remedy) {
    if (sign === "'") quoted = !quoted;
    if (!quoted && sign === '(') depth++;
    if (!quoted && sign === ')') depth--;
    if (sign === ';' && depth <= 0 && !quoted) found.push('');
    else found[found.length - 1] += sign;
  }
  return found.map((part) => part.trim()).filter(Boolean);
}

const filledIn = (sql: string) => sql.replace(/<?…>?/g, '<…>');

function lines(part: string): string[] {
  const colon = part.indexOf(': ');
  const [before, rest] =
    !BEGINS.test(part) && colon > 0 && BEGINS.test(part.slice(colon + 2))
      ? [`${part.slice(0, colon)}:`, part.slice(colon + 2)]
      : ['', part];
  if (!BEGINS.test(rest)) return [part];
  const [sql = '', ...words] = rest.split(WORDS_BEHIND);
  return [
    ...(before ? [before] : []),
    `${filledIn(sql)};`,
    ...(words.length > 0 ? [`(${words.join(' ')})`] : []),
  ];
}

/** A remedy with each statement on a line of its own, and words on others; what only the reader knows is a <…>. */
export function helpOf(remedy: string): string[] {
  const all = parts(remedy).flatMap(lines);
  return all.some((line) => line.includes('<…>'))
    ? [...all, 'what stands in the place of <…> only you can know']
    : all;
}
