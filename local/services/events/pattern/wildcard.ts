import { refuse } from './refuse';

/** A character, or any number of them. */
export type Token = { character: string } | 'any';

/**
 * The parts of a wildcard: `*` stands for any characters, a backslash makes `*` and `\` mean themselves. Throws a
 * PatternError for two `*` side by side and for any other escape. Positions count from the opening quote, as the
 * matcher's do.
 */
export function tokensOf(wildcard: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < wildcard.length; at++) {
    const character = wildcard[at]!;
    const next = wildcard[at + 1];
    if (character === '*') {
      if (next === '*') refuse(`Consecutive wildcard characters at pos ${at + 1}`);
      tokens.push('any');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') refuse(`Invalid escape character at pos ${at + 1}`);
      tokens.push({ character: next });
      at++;
    } else tokens.push({ character });
  }
  return tokens;
}

/**
 * Whether a text fits a wildcard. Goes back to the last `*` only, so the time grows with the product of both lengths
 * at most, where a regular expression's may explode.
 */
export function wildcardTest(wildcard: string): (value: string) => boolean {
  const tokens = tokensOf(wildcard);
  return (value) => {
    let at = 0;
    let token = 0;
    let lastAny = -1;
    let resumeAt = 0;
    while (at < value.length) {
      const wanted = tokens[token];
      if (wanted === 'any') {
        lastAny = token++;
        resumeAt = at;
      } else if (wanted?.character === value[at]) {
        token++;
        at++;
      } else if (lastAny >= 0) {
        token = lastAny + 1;
        at = ++resumeAt;
      } else return false;
    }
    return tokens.slice(token).every((left) => left === 'any');
  };
}
