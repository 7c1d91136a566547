import type { CopyStmt, DeleteStmt, InsertStmt, MergeStmt, Node, SelectStmt, UpdateStmt } from 'libpg-query';
import { resolve } from '../catalog';
import { parts } from '../knowledge/condition';
import { isNull, some, texts } from '../syntax';
import type { RunAgain } from '../types';
import {
  type Assigned,
  assignedIn,
  assignments,
  isFresh,
  meetsAgain,
  meetsKey,
  meetsTarget,
  namedColumns,
  setsInserted,
  type Written,
  written,
} from './values';

/** Which statements do what when they run again. The first rule that matches decides. */
export interface AgainRule<N = object> {
  id: string;
  on: string[];
  /** The situation, in words. */
  condition: string;
  matches(written: Written<N>): boolean;
  again: RunAgain['again'];
  /** What happens, as the end of "run again, it …". */
  says(written: Written<N>): string;
  /** On the tables of `AGAIN_EXAMPLES`. */
  example: string;
}

/** The tables of the examples, with rows. */
export const AGAIN_EXAMPLES = `
CREATE TABLE units (code text PRIMARY KEY, name text, uses int NOT NULL DEFAULT 0, at timestamptz);
CREATE TABLE hints (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text);
INSERT INTO units VALUES ('g', 'gram', 1), ('t', NULL, 0);
INSERT INTO hints (text) VALUES ('a'), ('b'), ('c');
`;

const rule = <N>(given: AgainRule<N>): AgainRule<N> => given;

const updatesOf = ({ onConflictClause }: InsertStmt): Assigned[] => assignedIn(onConflictClause?.targetList);
const doing = ({ onConflictClause }: InsertStmt) => onConflictClause?.action;

const judged = (all: readonly Assigned[], s: Written) => all.map((one) => written(one, all, s));

/** Reads the table that it writes: to leave out what is there, or for something else. */
const readsItself = (tree: unknown, { catalog, relation }: Written) =>
  some(tree, (tag, node) => tag === 'RangeVar' && resolve(catalog, node, catalog.tables) === relation);

/** A SELECT that leaves out what the table has: NOT EXISTS, NOT IN, EXCEPT, or a LEFT JOIN that finds nothing. */
function leavesOut(insert: Written<InsertStmt>): boolean {
  const { selectStmt } = insert.node;
  if (!selectStmt || !('SelectStmt' in selectStmt)) return false;
  const { whereClause, fromClause, op, rarg } = selectStmt.SelectStmt;
  if (op === 'SETOP_EXCEPT') return readsItself({ rarg }, insert);
  const denied = (part: Node) =>
    'BoolExpr' in part && part.BoolExpr.boolop === 'NOT_EXPR' && readsItself(part, insert);
  const unfound = (part: Node) => 'NullTest' in part && part.NullTest.nulltesttype === 'IS_NULL';
  const joined = () =>
    some(
      { fromClause },
      (tag, node) => tag === 'JoinExpr' && node.jointype === 'JOIN_LEFT' && readsItself(node.rarg, insert),
    );
  const all = whereClause ? parts(whereClause) : [];
  return all.some(denied) || (all.some(unfound) && joined());
}

const equal = (node: Node, operator: string) =>
  'A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP' && texts(node.A_Expr.name).at(-1) === operator
    ? node.A_Expr
    : undefined;
const columnOf = (node: Node | undefined) =>
  node && 'ColumnRef' in node ? texts(node.ColumnRef.fields).at(-1) : undefined;
/** A constant as text, whatever it was written as. */
const constantOf = (node: Node | undefined) => {
  const inner = node && 'TypeCast' in node ? node.TypeCast.arg : node;
  if (!inner || !('A_Const' in inner) || isNull(inner)) return undefined;
  const [value] = Object.values(inner.A_Const).flatMap((one) =>
    typeof one === 'object' && one !== null ? [Object.values(one)[0] ?? 0] : [],
  );
  return String(value);
};

/** What the condition asks for is no longer so once the statement has run: a second run finds nothing. */
function uses(update: Written<UpdateStmt>): boolean {
  const { whereClause } = update.node;
  const all = assignments(update.node);
  return (whereClause ? parts(whereClause) : []).some((part) => {
    const test = 'NullTest' in part && part.NullTest.nulltesttype === 'IS_NULL' ? part.NullTest : undefined;
    const [is, not] = [equal(part, '='), equal(part, '<>')];
    const column = columnOf(test?.arg ?? is?.lexpr ?? not?.lexpr);
    const value = all.find((one) => one.column === column)?.value;
    const set = constantOf(value);
    if (set === undefined) return false;
    if (test) return true;
    const asked = constantOf((is ?? not)?.rexpr);
    return asked !== undefined && (is ? asked !== set : asked === set);
  });
}

const merged = ({ mergeWhenClauses = [] }: MergeStmt, command: string) =>
  mergeWhenClauses.flatMap((clause) =>
    'MergeWhenClause' in clause && clause.MergeWhenClause.commandType === command
      ? clause.MergeWhenClause
      : [],
  );

/** What a MERGE has put in is matched by its condition the next time: the columns compared are among those it fills. */
function matchesOwn({ node }: Written<MergeStmt>): boolean {
  const compared = (node.joinCondition ? parts(node.joinCondition) : []).flatMap((part) => {
    const is = equal(part, '=');
    return [columnOf(is?.lexpr), columnOf(is?.rexpr)].flatMap((column) => column ?? []);
  });
  return merged(node, 'CMD_INSERT').every(({ targetList }) => {
    const filled = namedColumns(targetList, undefined);
    return compared.length > 0 && filled.some((column) => compared.includes(column));
  });
}

const insertRules = [
  rule<InsertStmt>({
    id: 'again-leaves-out',
    on: ['InsertStmt'],
    condition:
      'INSERT … SELECT that leaves out what the table has: NOT EXISTS, NOT IN, EXCEPT, a LEFT JOIN that finds nothing',
    matches: leavesOut,
    again: 'same',
    says: ({ relation }) => `leaves out what is in ${relation} by then`,
    example: "INSERT INTO hints (text) SELECT 'd' WHERE NOT EXISTS (SELECT FROM hints WHERE text = 'd')",
  }),
  rule<InsertStmt>({
    id: 'again-conflicts-in-vain',
    on: ['InsertStmt'],
    condition: 'INSERT … ON CONFLICT of rows that get another key each time: none ever conflicts',
    matches: (s) =>
      s.node.onConflictClause !== undefined && meetsTarget(s) === false && meetsAgain(s) === false,
    again: 'differs',
    says: ({ relation }) =>
      `adds its rows once more: no key of ${relation} is given a value, so that ON CONFLICT never finds one; give it one, or leave out what is there with NOT EXISTS`,
    example: "INSERT INTO hints (text) VALUES ('d') ON CONFLICT DO NOTHING",
  }),
  rule<InsertStmt>({
    id: 'again-conflicts-elsewhere',
    on: ['InsertStmt'],
    condition: 'INSERT … ON CONFLICT (…) of rows that meet another key than the one it names',
    matches: (s) =>
      s.node.onConflictClause !== undefined && meetsTarget(s) === false && meetsAgain(s) === true,
    again: 'refused',
    says: ({ relation }) =>
      `is refused, because another key of ${relation} is met than the one behind ON CONFLICT: name the one whose values are given`,
    example: '',
  }),
  rule<InsertStmt>({
    id: 'again-skips',
    on: ['InsertStmt'],
    condition: 'INSERT … ON CONFLICT DO NOTHING of rows with a key',
    matches: (s) => doing(s.node) === 'ONCONFLICT_NOTHING' && meetsTarget(s) === true,
    again: 'same',
    says: ({ relation }) => `leaves the rows of ${relation} as they are`,
    example: "INSERT INTO units (code) VALUES ('kg') ON CONFLICT DO NOTHING",
  }),
  rule<InsertStmt>({
    id: 'again-updates-anew',
    on: ['InsertStmt'],
    condition: 'INSERT … ON CONFLICT DO UPDATE that reckons with what is there, or with the time',
    matches: (s) =>
      doing(s.node) === 'ONCONFLICT_UPDATE' &&
      judged(updatesOf(s.node), s).some((how) => how === 'relative' || how === 'fresh'),
    again: 'differs',
    says: ({ relation }) =>
      `writes other values into ${relation}: set what EXCLUDED brings, and nothing that is reckoned from the row or the time`,
    example:
      "INSERT INTO units (code, uses) VALUES ('g', 1) ON CONFLICT (code) DO UPDATE SET uses = units.uses + 1",
  }),
  rule<InsertStmt>({
    id: 'again-updates',
    on: ['InsertStmt'],
    condition: 'INSERT … ON CONFLICT DO UPDATE of rows with a key, to what the statement brings',
    matches: (s) =>
      doing(s.node) === 'ONCONFLICT_UPDATE' &&
      meetsTarget(s) === true &&
      updatesOf(s.node).every((one) => setsInserted(s, one)),
    again: 'same',
    says: ({ relation }) =>
      `writes the same into ${relation}, also over what somebody has changed there since`,
    example:
      "INSERT INTO units (code, name) VALUES ('g', 'Gram') ON CONFLICT (code) DO UPDATE SET name = excluded.name",
  }),
  rule<InsertStmt>({
    id: 'again-refused',
    on: ['InsertStmt'],
    condition: 'INSERT of rows with a key, without ON CONFLICT',
    matches: (s) =>
      s.node.onConflictClause === undefined && meetsAgain(s) === true && !readsItself(s.node.selectStmt, s),
    again: 'refused',
    says: ({ relation }) =>
      `is refused, because the key is in ${relation} by then: add ON CONFLICT DO NOTHING, or DO UPDATE`,
    example: "INSERT INTO units (code) VALUES ('kg')",
  }),
  rule<InsertStmt>({
    id: 'again-doubles',
    on: ['InsertStmt'],
    condition: 'INSERT of rows of which no key is given a value, or one that is another each time',
    matches: (s) =>
      s.node.onConflictClause === undefined && meetsAgain(s) === false && !readsItself(s.node.selectStmt, s),
    again: 'differs',
    says: ({ relation }) =>
      `adds its rows once more, as no key of ${relation} is given a value: leave out what is there with NOT EXISTS, or give it a key and add ON CONFLICT`,
    example: "INSERT INTO hints (text) VALUES ('d')",
  }),
];

const otherRules = [
  rule<UpdateStmt>({
    id: 'again-finds-none',
    on: ['UpdateStmt'],
    condition: 'UPDATE whose condition does not hold any more of what it has written',
    matches: uses,
    again: 'same',
    says: () => 'finds nothing that is left to do',
    example: "UPDATE units SET name = 'ton', uses = uses + 1 WHERE name IS NULL",
  }),
  rule<UpdateStmt>({
    id: 'again-reckons',
    on: ['UpdateStmt'],
    condition: 'UPDATE that reckons a value from what it writes itself',
    matches: (s) => judged(assignments(s.node), s).includes('relative'),
    again: 'differs',
    says: ({ relation }) =>
      `changes the rows of ${relation} once more, because it reckons from what it has written: add a condition that no longer holds then`,
    example: 'UPDATE units SET uses = uses + 1',
  }),
  rule<UpdateStmt>({
    id: 'again-dates',
    on: ['UpdateStmt'],
    condition: 'UPDATE to what is another value each time: the time, a random one, the next of a sequence',
    matches: (s) => judged(assignments(s.node), s).includes('fresh'),
    again: 'differs',
    says: ({ relation }) => `writes other values into ${relation}: add a condition that no longer holds then`,
    example: 'UPDATE units SET at = clock_timestamp()',
  }),
  rule<UpdateStmt>({
    id: 'again-writes-same',
    on: ['UpdateStmt'],
    condition: 'UPDATE to values that do not depend on what it writes',
    matches: (s) =>
      judged(assignments(s.node), s).every((how) => how === 'same') &&
      !isFresh(s.catalog, s.node.whereClause) &&
      !readsItself([s.node.whereClause, s.node.fromClause], s),
    again: 'same',
    says: ({ relation }) =>
      `writes the same into ${relation}, also over what somebody has changed there since`,
    example: "UPDATE units SET name = upper(code), uses = 3 WHERE code = 'g'",
  }),
  rule<DeleteStmt>({
    id: 'again-deletes-more',
    on: ['DeleteStmt'],
    condition: 'DELETE of so many rows, by a LIMIT',
    matches: ({ node: { whereClause } }) =>
      some(
        { whereClause },
        (tag, node) => tag === 'SelectStmt' && (node as SelectStmt).limitCount !== undefined,
      ),
    again: 'differs',
    says: ({ relation }) => `deletes further rows of ${relation}`,
    example: 'DELETE FROM hints WHERE id IN (SELECT id FROM hints ORDER BY id LIMIT 1)',
  }),
  rule<DeleteStmt>({
    id: 'again-deletes-none',
    on: ['DeleteStmt'],
    condition: 'DELETE by a condition, or of everything; TRUNCATE',
    matches: (s) => !isFresh(s.catalog, s.node.whereClause) && !readsItself(s.node.whereClause, s),
    again: 'same',
    says: ({ relation }) => `deletes nothing but what has come into ${relation} since`,
    example: "DELETE FROM units WHERE code = 'g'",
  }),
  rule<object>({
    id: 'again-empties',
    on: ['TruncateStmt'],
    condition: 'TRUNCATE',
    matches: () => true,
    again: 'same',
    says: () => 'empties what has come since',
    example: 'TRUNCATE hints',
  }),
  rule<MergeStmt>({
    id: 'again-merges-anew',
    on: ['MergeStmt'],
    condition: 'MERGE whose UPDATE reckons with what is there, or with the time',
    matches: (s) =>
      merged(s.node, 'CMD_UPDATE').some(({ targetList }) =>
        judged(assignedIn(targetList), s).some((how) => how === 'relative' || how === 'fresh'),
      ),
    again: 'differs',
    says: ({ relation }) => `writes other values into ${relation}`,
    example:
      "MERGE INTO units USING (VALUES ('g')) AS v (key) ON units.code = v.key WHEN MATCHED THEN UPDATE SET uses = units.uses + 1",
  }),
  rule<MergeStmt>({
    id: 'again-merges',
    on: ['MergeStmt'],
    condition: 'MERGE that finds what it has put in, and writes what its source brings',
    matches: (s) => {
      const updates = merged(s.node, 'CMD_UPDATE').flatMap(({ targetList }) => assignedIn(targetList));
      const steady = judged(updates, s).every((how) => how === 'same');
      // what it inserts is updated the next time
      return steady && matchesOwn(s) && (updates.length === 0 || merged(s.node, 'CMD_INSERT').length === 0);
    },
    again: 'same',
    says: ({ relation }) => `writes the same into ${relation}`,
    example:
      "MERGE INTO units USING (VALUES ('kg')) AS v (key) ON units.code = v.key WHEN NOT MATCHED THEN INSERT (code) VALUES (v.key)",
  }),
  rule<CopyStmt>({
    id: 'again-copies',
    on: ['CopyStmt'],
    condition: 'COPY … FROM into the columns of a key',
    matches: ({ node, table }) => {
      const named = namesIn(node, table?.columns.map(({ name }) => name) ?? []);
      return (
        node.is_from === true &&
        meetsKey(table, (_, column) => (named.includes(column) ? 'same' : 'other')) === true
      );
    },
    again: 'refused',
    says: ({ relation }) =>
      `is refused, because the key is in ${relation} by then: COPY into a temporary table, and INSERT from there with ON CONFLICT`,
    example: '',
  }),
  rule<object>({
    id: 'again-unknown',
    on: ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'],
    condition:
      'anything else that writes rows: what it gives a key, or what a subquery finds, is not known here',
    matches: () => true,
    again: 'unknown',
    says: ({ relation }) => `may find or give something else in ${relation}: look at it yourself`,
    example: 'UPDATE units SET uses = (SELECT count(*) FROM units)',
  }),
];

const namesIn = ({ attlist }: CopyStmt, all: string[]) => (attlist ? texts(attlist) : all);

/** In the order in which they are asked. */
export const againRules = [...insertRules, ...otherRules] as unknown as readonly AgainRule[];
