import { InvalidNextTokenException } from '@aws-sdk/client-application-auto-scaling';

/** Application Auto Scaling gives no more items at a time. */
const MOST = 50;

/** One page of a list; the token is the number of items before it. */
export function page<Item>(
  all: readonly Item[],
  { MaxResults = MOST, NextToken = '0' }: { MaxResults?: number; NextToken?: string },
): { items: Item[]; NextToken?: string } {
  const start = Number(NextToken);
  if (!Number.isInteger(start) || start < 0)
    throw new InvalidNextTokenException({ message: 'The next token is not valid.', $metadata: {} });
  const end = start + Math.min(MaxResults, MOST);
  return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}
