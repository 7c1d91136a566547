const KEPT = 1_000;

/** Adds an item to a list that keeps the newest 1,000, oldest first. */
export function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > KEPT) list.shift();
}
