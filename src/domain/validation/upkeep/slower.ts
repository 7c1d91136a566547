import { type Judgement, judgementOf, listed } from '../check';
import { meanMs, type Query } from './queries';

/** What a statement may become slower by: shares of its mean time before, and milliseconds that are no harm. */
export interface SlowdownLimits {
  /** Null: nothing fails. */
  fails: number | null;
  warns: number;
  floorMs: number;
}

/** Fewer calls say little of a mean. */
const FEWEST_CALLS = 20;
/** So many standard errors are not by chance, of twenty statements looked at for years. */
const ERRORS = 4;

/** Calls since the look before; all that are counted where counting has begun anew. */
function since(before: Query, now: Query): Query {
  const [calls, totalMs] = [now.calls - before.calls, now.totalMs - before.totalMs];
  return calls >= 0 && totalMs >= 0 ? { ...now, calls, totalMs } : now;
}

/** A statement at two looks: its mean time until the first, and between the two. */
export interface Compared {
  query: Query;
  beforeMs: number;
  nowMs: number;
  calls: number;
  /** How much slower it became, as a share of its time before; 0 where that may be by chance, or is no harm. */
  slower: number;
}

function compared(before: Query, now: Query, floorMs: number): Compared {
  const between = since(before, now);
  const [beforeMs, nowMs] = [meanMs(before), meanMs(between)];
  const byChance = Math.sqrt(
    before.deviationMs ** 2 / Math.max(1, before.calls) + now.deviationMs ** 2 / Math.max(1, between.calls),
  );
  const more = nowMs - beforeMs;
  const counts =
    Math.min(before.calls, between.calls) >= FEWEST_CALLS && more > floorMs && more > ERRORS * byChance;
  return { query: now, beforeMs, nowMs, calls: between.calls, slower: counts ? more / beforeMs : 0 };
}

/** The statements that both looks have, in the order of the second. */
export const compareQueries = (
  before: readonly Query[],
  now: readonly Query[],
  floorMs: number,
): Compared[] =>
  now.flatMap((query) => {
    const then = before.find(({ id }) => id === query.id);
    return then ? [compared(then, query, floorMs)] : [];
  });

const ms = (value: number) => `${Number(value.toPrecision(3))} ms`;

/** Which of the heaviest statements became slower from one look to the next. */
export function judgeQueries(
  before: readonly Query[],
  now: readonly Query[],
  { fails, warns, floorMs }: SlowdownLimits,
): Judgement {
  const all = compareQueries(before, now, floorMs).sort((one, other) => other.slower - one.slower);
  const said = (found: Compared[]) =>
    found.length > 0
      ? [
          `slower: ${listed(
            found.map(
              ({ query, beforeMs, nowMs, calls, slower }) =>
                `${query.id} by ${Math.round(slower * 100)} %, from ${ms(beforeMs)} to ${ms(nowMs)} in ${calls} calls (${query.text})`,
            ),
          )}`,
        ]
      : [];
  const limit = fails ?? Number.POSITIVE_INFINITY;
  return judgementOf(
    {
      failed: said(all.filter(({ slower }) => slower >= limit)),
      warnings: said(all.filter(({ slower }) => slower >= warns && slower < limit)),
    },
    `none of ${all.length} statements became slower`,
  );
}
