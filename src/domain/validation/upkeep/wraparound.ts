import { judgementOf } from '../check';
import { upkeep } from './upkeep';

/** How old the oldest transaction is that a database still knows by its number. */
export interface WraparoundSeen {
  databases: { name: string; transactions: number; multixacts: number }[];
  /** The oldest table of this one, schema.table; null where there is none. */
  oldest: { name: string; transactions: number } | null;
}

/** Numbers that there are before the server stops to give new ones. Source: PostgreSQL documentation, "Preventing Transaction ID Wraparound Failures". */
const ALL = 2 ** 31;
/** Autovacuum begins at 200 million: it does not keep up. */
const LATE = 500_000_000;
/** The default of vacuum_failsafe_age, at which VACUUM leaves out all that can be left out. */
const FAILSAFE = 1_600_000_000;

export const wraparound = upkeep<WraparoundSeen>({
  about: 'distance to the end of the transaction numbers',
  judge({ databases, oldest }) {
    const ages = databases.flatMap(({ name, transactions, multixacts }) => [
      { said: `${name}: ${transactions} transactions`, age: transactions },
      { said: `${name}: ${multixacts} multixacts`, age: multixacts },
    ]);
    const worst = ages.reduce((one, other) => (other.age > one.age ? other : one), { said: '', age: 0 });
    const used = `${Math.round((worst.age / ALL) * 100)} % of the way to wraparound`;
    const table = oldest ? `; the oldest table here is ${oldest.name}` : '';
    const late = `${worst.said} old, ${used}${table}: VACUUM does not keep up; look for old transactions, slots and prepared transactions, then VACUUM it`;
    return judgementOf(
      {
        failed: worst.age >= FAILSAFE ? [late] : [],
        warnings: worst.age >= LATE && worst.age < FAILSAFE ? [late] : [],
      },
      used,
    );
  },
  figures: ({ databases }) => ({
    'oldest transaction': Math.max(0, ...databases.map(({ transactions }) => transactions)),
    'oldest multixact': Math.max(0, ...databases.map(({ multixacts }) => multixacts)),
  }),
});
