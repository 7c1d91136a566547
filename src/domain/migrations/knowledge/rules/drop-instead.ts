import type { CreateTrigStmt, DropStmt, RuleStmt } from 'libpg-query';
import { resolve } from '../../catalog';
import { only, rule, type Subject } from '../rule';
import { dropsLater } from '../wording';

/** A rule or a trigger of the view comes in the same transaction. */
const comesBack = ({ following, inTransaction, catalog, relation }: Subject): boolean =>
  inTransaction &&
  following.some(({ tag, node }) => {
    const { relation: range = {} } = node as CreateTrigStmt & RuleStmt;
    return (
      (tag === 'CreateTrigStmt' || tag === 'RuleStmt') && resolve(catalog, range, catalog.tables) === relation
    );
  });

/** What writes to a view are made of goes, and nothing comes in its place. */
export const leavesViewUnwritten = (subject: Subject): boolean =>
  subject.table?.kind === 'view' && !subject.table.created && !comesBack(subject);

export const dropInstead = rule<DropStmt>({
  id: 'drop-instead',
  on: ['DropStmt:OBJECT_TRIGGER', 'DropStmt:OBJECT_RULE'],
  condition: 'DROP TRIGGER or RULE of a view, which says what is done INSTEAD of a write',
  matches: leavesViewUnwritten,
  effect: { locks: only('ACCESS EXCLUSIVE'), breaks: 'yes' },
  says: ({ name, relation }) => `dropping ${name} of view ${relation}`,
  because: ({ relation }) => `its writes to ${relation} are refused, or are done to the tables behind it`,
  remedy: ({ name, relation }) => [
    'Create the new one in the same transaction.',
    dropsLater(`${name} of ${relation}`),
  ],
  unsafe: { sql: 'DROP RULE mailbox_in ON mailbox' },
  safe: {
    sql: 'DROP RULE mailbox_in ON mailbox; CREATE RULE mailbox_in AS ON INSERT TO mailbox DO INSTEAD NOTIFY mail',
  },
});
