const MULTIPLIER = 0x5deece66dn;
const MASK = (1n << 48n) - 1n;

/**
 * Numbers from a seed by the linear congruential generator of java.util.Random, on which seeded random functions of
 * JVM services rest: the same seed gives the same numbers. `integer` is below `bound`, `fraction` below 1.
 */
export function seededRandom(seed: number): { integer(bound: number): number; fraction(): number } {
  let state = (BigInt(Math.trunc(seed)) ^ MULTIPLIER) & MASK;
  const bits = (count: number): number => {
    state = (state * MULTIPLIER + 0xbn) & MASK;
    return Number(BigInt.asIntN(32, state >> BigInt(48 - count)));
  };
  const integer = (bound: number): number => {
    if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(bits(31))) >> 31n);
    for (;;) {
      const sample = bits(31);
      const value = sample % bound;
      // Reject the incomplete last stretch of the range, which would favour small numbers.
      if (sample - value + (bound - 1) < 2 ** 31) return value;
    }
  };
  return { integer, fraction: () => (bits(26) * 2 ** 27 + bits(27)) / 2 ** 53 };
}
