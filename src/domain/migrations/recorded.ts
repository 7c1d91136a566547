/** What a tool's history says. */
export interface Recorded {
  /** Ids of migrations that ended well, in the tool's order. */
  applied: readonly string[];
  /** Of these everything that comes before them is applied too: some tools record only their newest migrations. */
  upTo?: readonly string[];
}

/** Those of some migrations, in the tool's order, that the history neither names nor implies. */
export const unrecorded = (order: readonly string[], { applied, upTo = [] }: Recorded): string[] =>
  order.filter(
    (id, index) => !applied.includes(id) && !order.slice(index + 1).some((later) => upTo.includes(later)),
  );
