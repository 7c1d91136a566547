import { InvalidParameterException } from '@aws-sdk/client-cloudwatch-logs';

/** The most events in one answer. */
export const PAGE = 10_000;

/** One page of a list; the token is the number of items before the page. */
export function page<Item>(
  items: Item[],
  token: string | undefined,
  limit = PAGE,
): { items: Item[]; nextToken?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) {
    throw new InvalidParameterException({ message: 'The specified nextToken is invalid.', $metadata: {} });
  }
  const end = start + Math.min(limit, PAGE);
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}
