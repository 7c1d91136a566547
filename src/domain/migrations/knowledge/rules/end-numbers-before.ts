import { literal } from '../../names';
import { endsBefore, numbersOf } from '../numbers';
import { noLocks, rule } from '../rule';
import { sqlName } from '../wording';

export const endNumbersBefore = rule({
  id: 'end-numbers-before',
  on: ['AlterSeqStmt', 'AT_SetIdentity'],
  condition: 'MAXVALUE, or AS a narrower type, below the last number of a sequence',
  matches: endsBefore,
  effect: { locks: noLocks, fails: true },
  says: (s) => `ending ${numbersOf(s)} below the number that it gave out last`,
  remedy: (s) => [
    'Let it end behind the highest number that there is, or go on at another one first.',
    `SELECT setval(${literal(sqlName(numbersOf(s)))}, <…>);`,
  ],
  unsafe: { sql: 'ALTER SEQUENCE ticket_numbers MAXVALUE 5' },
  safe: { sql: 'ALTER SEQUENCE ticket_numbers MAXVALUE 1000000' },
});
