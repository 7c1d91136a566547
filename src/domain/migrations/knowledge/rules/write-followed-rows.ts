import { followed } from '../foreign-actions';
import { on, own, rule } from '../rule';

export const writeFollowedRows = rule({
  id: 'write-followed-rows',
  on: ['DeleteStmt', 'UpdateStmt'],
  condition: 'DELETE, or UPDATE of a key, after which foreign keys delete or write rows of other tables',
  matches: (s) => followed(s).length > 0,
  effect: {
    locks: (s) => [...own('ROW EXCLUSIVE')(s), ...on('ROW EXCLUSIVE', followed(s))],
    reads: followed,
    scan: true,
    uncounted: true,
  },
  says: (s) =>
    `following foreign keys to those rows of ${followed(s).join(' and ')}, be they few or many, that refer to what goes from ${s.relation}`,
  remedy: (s) => [`Count them, and write those of ${followed(s).join(' and ')} first, in batches.`],
  safe: { sql: 'DELETE FROM albums WHERE id = 3' },
});
