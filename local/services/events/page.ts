import { invalid } from './rules';

/** EventBridge gives no more items at a time. */
const MOST = 100;

/** One page of a list; the token is the number of items before it. */
export function page<Item>(
  all: readonly Item[],
  { Limit = MOST, NextToken = '0' }: { Limit?: number; NextToken?: string },
): { items: Item[]; NextToken?: string } {
  const start = Number(NextToken);
  if (!Number.isInteger(start) || start < 0) throw invalid('Parameter NextToken is not valid.');
  const end = start + Math.min(Limit, MOST);
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
