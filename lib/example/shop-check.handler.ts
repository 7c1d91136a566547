/** What the workflow tells a function that tests a new version. */
interface Event {
  deploymentId: string;
  service: string;
  image: string;
  /** Where the new version answers before any user does. */
  baseUrl: string;
}

/** The shop's own test of a new version: a status of 200 does not yet say that there is something to sell. */
export async function handler({ baseUrl }: Event): Promise<{ passed: boolean; reason?: string }> {
  const response = await fetch(`${baseUrl}/products`);
  const products = (await response.json()) as { price_cents: unknown }[];
  const unpriced = products.filter(({ price_cents }) => typeof price_cents !== 'number').length;
  if (products.length === 0) return { passed: false, reason: 'there are no products' };
  return unpriced === 0
    ? { passed: true }
    : { passed: false, reason: `${unpriced} of ${products.length} products have no price` };
}
