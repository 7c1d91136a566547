/** The listener rules by which users come, all with the same weights; none of a pure worker. */
export const rulesIn = ({
  traffic,
}: {
  traffic: { productionRule: string; otherRules?: string[] } | null;
}): string[] =>
  // settings of a deployment that an earlier version has begun know no others
  traffic ? [traffic.productionRule, ...(traffic.otherRules ?? [])] : [];
