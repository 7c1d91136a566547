import { literal } from '../../names';
import { givesOutAgain, numbersOf, startOf } from '../numbers';
import { on, own, rule } from '../rule';
import { sqlName } from '../wording';

export const restartNumbers = rule({
  id: 'restart-numbers',
  on: ['AlterSeqStmt', 'AT_SetIdentity', 'SelectStmt'],
  condition: 'RESTART, or setval to a number that may have been given out before',
  matches: givesOutAgain,
  effect: {
    locks: (s) =>
      s.form === 'AT_SetIdentity'
        ? own('ACCESS EXCLUSIVE')(s)
        : on(s.form === 'AlterSeqStmt' ? 'SHARE ROW EXCLUSIVE' : 'ROW EXCLUSIVE', [numbersOf(s)]),
    breaks: 'yes',
    reversible: false,
  },
  says: (s) => `starting ${numbersOf(s)} at ${startOf(s) ?? 'its first number'} again`,
  because: () => 'its inserts get numbers that rows have already, and fail on the key',
  remedy: (s) => [
    'Go on behind the highest number that the column of the sequence has.',
    `SELECT setval(${literal(sqlName(numbersOf(s)))}, (SELECT max(<…>) FROM <…>));`,
  ],
  unsafe: { sql: 'ALTER TABLE parcels ALTER COLUMN id RESTART' },
  safe: { sql: 'ALTER TABLE parcels ALTER COLUMN id RESTART WITH 100000' },
});
