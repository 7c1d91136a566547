import { invalidValue } from './faults';

/** One page of a list as RDS gives it: the marker is the number of items before the page. */
export function page<Item>(
  items: Item[],
  { Marker, MaxRecords = 100 }: { Marker?: string; MaxRecords?: number },
): { items: Item[]; marker?: string } {
  const start = Marker === undefined ? 0 : Number(Marker);
  if (!Number.isInteger(start) || start < 0) throw invalidValue(`Invalid value for Marker: ${Marker}`);
  if (!(MaxRecords >= 20 && MaxRecords <= 100)) {
    throw invalidValue(`Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
  }
  const end = start + MaxRecords;
  return { items: items.slice(start, end), marker: end < items.length ? String(end) : undefined };
}
