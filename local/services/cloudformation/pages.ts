import { invalid } from '../../endpoint/errors';

const LENGTH = 100;

/** A page of a list, and the token of the next one. Throws ValidationError for a token that nobody was given. */
export function page<Item>(items: readonly Item[], token: string | undefined, length = LENGTH) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw invalid('Invalid NextToken');
  const next = from + length < items.length ? String(from + length) : undefined;
  return { items: items.slice(from, from + length), NextToken: next };
}
