import type { AlterTableCmd } from 'libpg-query';
import { withParts } from '../../catalog';
import { lostActions } from '../foreign-actions';
import { referencedTable } from '../keys';
import { on, own, rule } from '../rule';

export const replaceForeignKey = rule<AlterTableCmd>({
  id: 'replace-foreign-key',
  on: ['AT_DropConstraint'],
  condition:
    'DROP CONSTRAINT of a foreign key that acts on DELETE or UPDATE, for one on its columns that does not',
  matches: (s) => lostActions(s).length > 0,
  effect: {
    locks: (s) => [
      ...own('ACCESS EXCLUSIVE')({ ...s, alone: undefined }),
      ...on('ACCESS EXCLUSIVE', withParts(s.catalog, referencedTable(s)!)),
    ],
    breaks: 'yes',
  },
  says: (s) =>
    `replacing ${s.name} of ${s.relation} by a foreign key without ${lostActions(s).join(' and ')}`,
  because: (s) =>
    `what it deletes or renumbers in ${referencedTable(s)} is refused where rows of ${s.relation} refer to it`,
  remedy: (s) => [
    `Say ${lostActions(s).join(' and ')} again, and leave it out once no version deletes such rows without their children.`,
  ],
  unsafe: {
    sql: 'ALTER TABLE photos DROP CONSTRAINT photos_album_fkey, ADD FOREIGN KEY (album) REFERENCES albums NOT VALID',
  },
  safe: {
    sql: 'ALTER TABLE photos DROP CONSTRAINT photos_album_fkey, ADD FOREIGN KEY (album) REFERENCES albums ON DELETE CASCADE NOT VALID',
  },
});
