import '../../text/zod-english';
import * as z from 'zod/mini';
import { listed } from '../check';
import { upkeep } from './upkeep';

/** A statement as `pg_stat_statements` counts it since its own beginning, without values. */
export const querySchema = z.object({
  /** Its number there; the same statement has the same one until the server's major changes. */
  id: z.string(),
  /** Shortened, without values. */
  text: z.string(),
  calls: z.number(),
  totalMs: z.number(),
  /** Standard deviation of its time. */
  deviationMs: z.number(),
});
export type Query = z.infer<typeof querySchema>;

export interface QueriesSeen {
  /** The heaviest first. */
  queries: Query[];
  /** Statements of other roles, of which the role sees nothing. */
  hidden: number;
}

export const meanMs = ({ totalMs, calls }: Pick<Query, 'totalMs' | 'calls'>) =>
  calls > 0 ? totalMs / calls : 0;

/** What is heavy is no fault: what became slower is told by comparing two runs. */
export const queries = upkeep<QueriesSeen>({
  about: 'the heaviest statements',
  judge: ({ queries: all, hidden }) => {
    const heaviest = listed(
      all.slice(0, 3).map((query) => `${query.id} (${meanMs(query).toFixed(1)} ms, ${query.calls} calls)`),
    );
    return hidden > 0
      ? {
          status: 'warning',
          detail: `unseen: ${hidden} statements of other roles; GRANT pg_read_all_stats to the role of the secret`,
        }
      : { status: 'ok', detail: all.length === 0 ? 'no statement was counted' : `heaviest: ${heaviest}` };
  },
});
