import type { Node } from 'libpg-query';
import { listed } from '../validation/check';
import { needsColumn, needsRelation } from './column-references';
import { dumpsIn } from './dumps';
import { parse } from './parse';
import { parser } from './parser';
import { nameOf, type Removal } from './removals';
import { some, texts } from './syntax';
import type { Migration } from './types';

/** What PostgreSQL tells of those who work on a database. */
export interface UsageLook {
  /** What it has counted by statement and role, since its statistics were last reset. */
  counted: CountedStatement[];
  /** Sessions that are open, with the last statement of each. */
  sessions: { program: string; role: string; own: boolean; text: string }[];
  /** Why not everything can be seen, and what would help; empty where it can. */
  unseen: string;
}
export interface CountedStatement {
  /** The statement of a role, the same for as long as PostgreSQL keeps it. */
  key: string;
  role: string;
  /** By the role of the service itself, under which its versions work. */
  own: boolean;
  calls: number;
  text: string;
}

/** Statements that use what is removed: by their keys, how often they were called. Texts are not kept: they may hold values. */
export type Calls = Record<string, number>;

/** What was filed before any user reached the new version. */
export interface UsageBefore {
  removals: Removal[];
  calls: Calls;
  /** The release's own statements that use it, by their prints: migrations may have a role of their own. */
  ours: string[];
}

/** Whether a call by a name means a routine, given as schema.name. Without a schema it may, if it is not shadowed. */
const calls = (name: string[], { of, shadowed }: Removal) =>
  name.length > 1 ? of === name.slice(-2).join('.') : !shadowed && of.endsWith(`.${name[0]}`);

/** Whether the statement needs it. */
function isUsed(removal: Removal, tree: unknown): boolean {
  const { kind, of, column, shadowed } = removal;
  if (column !== undefined) return needsColumn(tree, { ...removal, column });
  if (kind === 'relation') return needsRelation(tree, of, shadowed);
  return some(tree, (_, node) => 'funcname' in node && calls(texts(node.funcname as Node[]), removal));
}

const WORD = String.raw`[\p{L}\p{N}_$]`;
const word = (name: string) =>
  `(?<!${WORD})${name.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}(?!${WORD})`;
const found = (text: string, pattern: string) =>
  [...text.matchAll(new RegExp(pattern, 'giu'))].map(([, name]) => name?.toLowerCase());

/**
 * A text that cannot be parsed is searched for the words: sessions' texts are cut off. A column that always stands behind
 * another relation's name or alias is that one's.
 */
function isSpelled({ of, column, shadowed }: Removal, text: string): boolean {
  const [schema = '', name = ''] = of.split('.');
  const relation = word(name);
  const bare = text.replace(/'[^']*'|--.*|\/\*[\s\S]*?\*\//g, ' ');
  const needed = shadowed ? `${word(schema)}"?\\."?${relation}` : relation;
  if (!new RegExp(needed, 'iu').test(bare)) return false;
  if (column === undefined) return true;
  const aliases = found(bare, `${relation}"?\\s+(?:as\\s+)?"?(${WORD}+)`);
  const own = [undefined, name.toLowerCase(), ...aliases];
  return found(bare, `(?:(${WORD}+)"?\\.)?"?${word(column)}`).some((qualifier) => own.includes(qualifier));
}

/** The same for a statement as written and as PostgreSQL has counted it, with parameters where constants were. */
const printOf = (text: string): string => parser().fingerprintSync(text);

/**
 * What of it a statement would miss. `SELECT *` goes on without a column, so it counts for none; what names columns by their
 * places (`INSERT INTO orders VALUES (…)`, `COPY orders`) would not. The parser must have been loaded.
 * @param ours prints of statements that count for none
 */
export function usedIn(text: string, removals: readonly Removal[], ours: readonly string[] = []): Removal[] {
  const { statements, error } = parse(text);
  if (error) return removals.filter((removal) => isSpelled(removal, text));
  return removals.filter((removal) =>
    statements.some(
      ({ tag, node, text: own }) => isUsed(removal, { [tag]: node }) && !ours.includes(printOf(own)),
    ),
  );
}

/** The prints of the migrations' own statements that use any of it. */
export const printsOf = (
  pending: readonly Pick<Migration, 'up'>[],
  removals: readonly Removal[],
): string[] => [
  ...new Set(
    pending
      .flatMap(({ up }) => parse(up ?? '').statements)
      .filter(({ tag, node }) => forRole(false, removals).some((removal) => isUsed(removal, { [tag]: node })))
      .map(({ text }) => printOf(text)),
  ),
];

/** What a text that uses any of it holds. */
export const wordsOf = (removals: readonly Removal[]): string[] => [
  ...new Set(removals.map(({ of }) => of.slice(of.indexOf('.') + 1))),
];

/** The statements that use any of it. */
export const callsOf = ({ counted }: UsageLook, removals: readonly Removal[]): Calls =>
  Object.fromEntries(
    counted.flatMap(({ key, own, calls, text }) =>
      usedIn(text, forRole(own, removals)).length > 0 ? [[key, calls]] : [],
    ),
  );

/** Other roles may have another search path. */
const forRole = (own: boolean, removals: readonly Removal[]): readonly Removal[] =>
  own ? removals : removals.map((removal) => ({ ...removal, shadowed: false }));

interface Use {
  who: string;
  what: string;
  calls: number;
}

/** One line for everybody and everything. */
function told(uses: readonly Use[]): string[] {
  const sums = new Map<string, number>();
  for (const { who, what, calls } of uses)
    sums.set(`${who} used ${what}`, (sums.get(`${who} used ${what}`) ?? 0) + calls);
  return [...sums].map(([line, calls]) => (calls > 0 ? `${line} (calls: ${calls})` : line)).sort();
}

/** The first five: roles and programs can have names without end. */
const shown = (lines: readonly string[]): string[] =>
  lines.length > 5
    ? [...lines.slice(0, 5), `and ${lines.length - 5} more use what is taken away`]
    : [...lines];

const usesOf = (
  who: string,
  text: string,
  calls: number,
  removals: readonly Removal[],
  ours?: string[],
): Use[] => usedIn(text, removals, ours).map((removal) => ({ who, what: nameOf(removal), calls }));

/** What is looked for has to fit an item of the journal, of 400 KB: a schema may have partitions without end. */
export const MOST_REMOVALS = 5_000;

/** What the plan says where that is not all. */
export const notLookedFor = (removals: readonly Removal[]): string[] =>
  removals.length === 0
    ? []
    : [
        `who uses ${listed(removals.map(nameOf))} is not looked for: the contract migrations take away more than ${MOST_REMOVALS} relations, columns and routines`,
      ];

/** What the plan says of other roles that use what the contract migrations take away, and of what nobody can see. */
export function usageRemarks({ counted, unseen }: UsageLook, removals: readonly Removal[]): string[] {
  if (removals.length === 0) return [];
  const isDump = dumpsIn(counted);
  const uses = (statements: readonly CountedStatement[]) =>
    told(
      statements.flatMap(({ role, own, calls, text }) =>
        usesOf(`role ${role}`, text, calls, forRole(own, removals)),
      ),
    );
  return [
    ...shown(
      uses(counted.filter((one) => !one.own && !isDump(one))).map(
        (line) => `${line} since its statistics were reset, and the contract migrations take it away`,
      ),
    ),
    ...shown(
      uses(counted.filter(isDump)).map(
        (line) => `${line} with pg_dump, which copies what is there and is not in the way`,
      ),
    ),
    ...(unseen === '' ? [] : [`who else uses ${listed(removals.map(nameOf))} cannot be seen: ${unseen}`]),
  ];
}

/** pg_dump says who it is. */
const isOther = ({ program }: { program: string }) => program !== 'pg_dump';

/** Dumps that are made now of what is taken away: they hold locks until they are done. Undefined where there are none. */
export function dumpedNow({ sessions }: UsageLook, removals: readonly Removal[]): string | undefined {
  const lines = told(
    sessions
      .filter((session) => !isOther(session))
      .flatMap(({ role, own, text }) => usesOf(`pg_dump as role ${role}`, text, 0, forRole(own, removals))),
  );
  return lines.length === 0
    ? undefined
    : `${shown(lines).join('; ')} and is not done: it holds locks that the contract migrations would wait for`;
}

/**
 * Who still uses what the contract migrations are about to take away; undefined where nobody is seen to. Other roles count
 * since before the release, but for the release's own statements. The service's own counts since the previous version was gone: until then that used it.
 * @param gone the calls when the previous version was first seen to be gone
 */
export function stillUsed(
  now: UsageLook,
  { removals, calls: before, ours }: UsageBefore,
  gone: Calls,
): string | undefined {
  const since = ({ key, calls, own }: CountedStatement) => {
    const earlier = (own ? gone : before)[key] ?? 0;
    // fewer than before: the statistics were reset meanwhile
    return calls < earlier ? calls : calls - earlier;
  };
  const isDump = dumpsIn(now.counted);
  const statements = now.counted
    .filter((statement) => since(statement) > 0 && !isDump(statement))
    .flatMap((statement) =>
      usesOf(
        statement.own ? `role ${statement.role}, the service's own,` : `role ${statement.role}`,
        statement.text,
        since(statement),
        forRole(statement.own, removals),
        statement.own ? [] : ours,
      ),
    );
  const open = now.sessions
    .filter(isOther)
    .flatMap(({ program, role, own, text }) =>
      usesOf(`a session of ${program} as role ${role}`, text, 0, forRole(own, removals)),
    );
  const lines = told([...statements, ...open]);
  if (lines.length === 0) return undefined;
  const ids = JSON.stringify([...new Set(removals.map(({ migration }) => migration))]);
  return `it is still used: since the release began ${shown(lines).join('; ')}; change what uses it, or ask for the release again with "accept": ${ids}`;
}
