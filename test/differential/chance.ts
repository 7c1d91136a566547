import { chance as uniformly } from '../domain/evidence/chance';

/** Choices that follow from a seed. */
export interface Chance {
  /** Whether something of probability p happens. */
  some(p: number): boolean;
  /** 0 to n - 1. */
  below(n: number): number;
  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

export function chance(seed: number): Chance {
  const { uniform } = uniformly(seed);
  const below = (n: number) => Math.min(n - 1, Math.floor(uniform() * n));
  return {
    some: (p) => uniform() < p,
    below,
    pick(list) {
      if (list.length === 0) throw new Error('there is nothing to choose from');
      return list[below(list.length)]!;
    },
    shuffled(list) {
      const left = [...list];
      return list.map(() => left.splice(below(left.length), 1)[0]!);
    },
  };
}
