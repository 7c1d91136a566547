import type { UpdateStmt } from 'libpg-query';
import type { Constraint } from '../../catalog';
import { changedBehind } from '../following';
import { noLocks, rule, type Subject } from '../rule';

const written = (node: unknown): string[] =>
  ((node as UpdateStmt).targetList ?? []).flatMap((one) =>
    'ResTarget' in one ? (one.ResTarget.name ?? []) : [],
  );

/** An update that leaves the columns of a key alone is not looked at for that key. */
const touches = ({ form, node }: Subject, columns: readonly string[]) =>
  form !== 'UpdateStmt' || written(node).some((name) => columns.includes(name));

/** The deferred foreign key, of the table or one that points to it, that waits for the end of the transaction. */
function waitsFor(subject: Subject): Constraint | undefined {
  const { form, table, catalog, relation } = subject;
  const deferred = ({ kind, deferred: later, enforced }: Constraint) =>
    kind === 'foreign' && later === true && enforced !== false;
  const own =
    form === 'DeleteStmt'
      ? undefined
      : table?.constraints.find((one) => deferred(one) && touches(subject, one.columns));
  if (own || form === 'InsertStmt' || form === 'CopyStmt') return own;
  return [...catalog.tables.values()]
    .flatMap(({ constraints }) => constraints)
    .find(
      (one) => deferred(one) && one.references === relation && touches(subject, one.referencedColumns ?? []),
    );
}

export const writeBeforeChange = rule({
  id: 'write-before-change',
  on: ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt'],
  condition:
    'rows written under a foreign key that is INITIALLY DEFERRED, and in the same transaction a change of their table',
  matches: (s) => s.inTransaction && changedBehind(s) && waitsFor(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) =>
    `changing ${s.relation} in the transaction that writes its rows, which ${waitsFor(s)?.name} looks at when that ends,`,
  remedy: () => [
    'Write the rows in a migration of its own, or have the foreign keys looked at before the table is changed.',
    'SET CONSTRAINTS ALL IMMEDIATE;',
  ],
  unsafe: {
    sql: 'BEGIN; INSERT INTO captions (ticket) VALUES (1); ALTER TABLE captions ADD COLUMN lines int; COMMIT',
  },
  safe: { sql: "INSERT INTO captions (body) VALUES ('a')" },
});
