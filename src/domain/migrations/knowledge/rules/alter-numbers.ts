import { endsBefore, givesOutAgain, movesOwned, numbersOf } from '../numbers';
import { losesRightsOfOwner } from '../owners';
import { on, rule } from '../rule';

export const alterNumbers = rule({
  id: 'alter-numbers',
  on: ['AlterSeqStmt', 'AlterTableStmt:OBJECT_SEQUENCE'],
  condition: 'ALTER SEQUENCE, but not RESTART at a number that may have been given out before',
  matches: (s) => !losesRightsOfOwner(s) && !givesOutAgain(s) && !movesOwned(s) && !endsBefore(s),
  effect: {
    locks: (s) => on(s.form === 'AlterSeqStmt' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE', [numbersOf(s)]),
    breaks: 'conditional',
  },
  says: (s) => `changing ${numbersOf(s)}, for whose numbers everybody waits meanwhile,`,
  because: () => 'it gets other numbers',
  safe: { sql: 'ALTER SEQUENCE ticket_numbers INCREMENT BY 5' },
});
