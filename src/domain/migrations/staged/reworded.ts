import { parser } from '../parser';

const plain = (text: string) =>
  text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();

/** SQL in which each word that names a column is another one: what calls a function or is a type stays. */
export function reworded(sql: string, word: (column: string) => string | undefined): string {
  const bytes = new TextEncoder().encode(sql);
  const text = (from: number, to?: number) => new TextDecoder().decode(bytes.subarray(from, to));
  const { tokens } = parser().scanSync(sql);
  let done = 0;
  let result = '';
  tokens.forEach((token, i) => {
    const found = /^["\p{L}_]/u.test(token.text) ? word(plain(token.text)) : undefined;
    const [before, behind] = [tokens[i - 1]?.text, tokens[i + 1]?.text];
    if (
      found === undefined ||
      behind === '(' ||
      behind === '.' ||
      ['.', '::', 'AS'].includes(before?.toUpperCase() ?? '')
    )
      return;
    result += text(done, token.start) + found;
    done = token.end;
  });
  return result + text(done);
}
