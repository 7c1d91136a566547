import { InvalidToken } from '@aws-sdk/client-sfn';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;

/** One page of a list; the token is where the next one begins. Throws InvalidToken for a token that is not ours. */
export function page<Item>(
  items: readonly Item[],
  { maxResults, nextToken }: { maxResults?: number; nextToken?: string },
): { items: Item[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(start) || start < 0) {
    throw new InvalidToken({ message: `Invalid Token: '${nextToken}'`, $metadata: {} });
  }
  const end = start + Math.min(maxResults || DEFAULT_PAGE, LARGEST_PAGE);
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}
