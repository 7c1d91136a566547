import { givesOutAgain, numbersOf } from '../numbers';
import { on, rule } from '../rule';

export const setNumbers = rule({
  id: 'set-numbers',
  on: ['SelectStmt'],
  condition: 'a setval to a number that is computed, or behind the last one',
  matches: (s) => numbersOf(s) !== '' && !givesOutAgain(s),
  effect: { locks: (s) => on('ROW EXCLUSIVE', [numbersOf(s)]), breaks: 'conditional' },
  says: (s) => `going on with ${numbersOf(s)} at another number`,
  because: () => 'its inserts fail where rows have the numbers that come',
  safe: { sql: "SELECT setval('ticket_numbers', (SELECT max(ticket) FROM parcels))" },
});
