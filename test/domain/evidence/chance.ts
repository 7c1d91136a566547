/** Chance that can be repeated: everything follows from the seed. */
export interface Chance {
  /** Between 0 and 1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Where the k-th smallest of n uniform values lies: Beta(k, n - k + 1). */
  orderStatistic(k: number, n: number): number;
}

/** Mulberry32 by Tommy Ettinger (public domain) for the bits; textbook methods for the rest. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number) => {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let k = 0;
    for (let product = uniform(); product > Math.exp(-mean); product *= uniform()) k++;
    return k;
  };
  const binomial = (n: number, p: number) => {
    if (p <= 0 || n === 0) return 0;
    if (n * p > 50)
      return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normal())));
    // the gaps between hits are geometric
    let hits = 0;
    for (let at = 0; ; hits++) {
      at += 1 + Math.floor(Math.log(uniform()) / Math.log1p(-p));
      if (at > n) return hits;
    }
  };
  /** Marsaglia and Tsang (2000). */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const orderStatistic = (k: number, n: number) => {
    const first = gamma(k);
    return first / (first + gamma(n - k + 1));
  };
  return { uniform, normal, poisson, binomial, orderStatistic };
}
