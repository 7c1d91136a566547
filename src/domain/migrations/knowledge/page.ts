import { sentence } from '../../text/sentence';
import { noteSection, notes } from '../again/page';
import { analyse } from '../analyse';
import { type Catalog, emptyCatalog } from '../catalog';
import { parse } from '../parse';
import { loadParser } from '../parser';
import { apply, deployed } from '../schema';
import type { Finding } from '../types';
import { rules } from '.';
import { EXAMPLE_SCHEMA } from './example-schema';
import type { Rule } from './rule';

const INTRODUCTION = `# Rules

What is known of migrations, one rule per heading. \`npm run rules\` prints this page from the rules themselves; each is
proven by executing its statements on PostgreSQL 15 and 18 (\`test/domain/migrations/proofs.test.ts\`). What is said here
is said of the tables of the proofs as if nobody had counted their rows, so that each counts as big.
`;

const NOTES = `# Statements that write rows

Beside its class, \`check\` says of a statement that writes rows whether it could run again, and what its migration's down script would
take away: a note for what is refused, changes rows once more or takes what users may have written, all of it in \`--json\`. The first rule that
fits decides; it supposes that nobody else has written in between, and sees no trigger. Each example has run twice on PostgreSQL 18
(\`test/domain/migrations/again\`).
`;

/** The database of the examples, which nobody has to start: its tables, and what is no text of a schema. */
async function readExamples(): Promise<Catalog> {
  await loadParser();
  const catalog = emptyCatalog();
  for (const statement of parse(EXAMPLE_SCHEMA).statements) apply(catalog, statement);
  const logs = catalog.tables.get('public.logs')!;
  const indexes = logs.indexes.map((index) => ({ ...index, valid: index.name !== 'logs_broken_idx' }));
  catalog.tables.set(logs.name, { ...logs, indexes });
  for (const [name, sequence] of catalog.sequences) catalog.sequences.set(name, { ...sequence, last: 100 });
  return { ...deployed(catalog), live: true };
}

let examples: Promise<Catalog> | undefined;

/** To be read only: it is made once. */
export function exampleCatalog(): Promise<Catalog> {
  examples ??= readExamples();
  return examples;
}

const effectOf = ({ locks, rewrite, scan, breaksLiveVersion, class: kind, stops }: Finding): string =>
  [
    `Class ${kind}`,
    locks.length > 0
      ? `Takes ${locks.map(({ mode, relation }) => `${mode} on ${relation}`).join(', ')}`
      : 'Takes no lock on a table',
    ...(rewrite ? ['Rewrites the table'] : []),
    ...(scan ? ['Reads the table'] : []),
    ...(breaksLiveVersion === 'no'
      ? []
      : [`The live version ${breaksLiveVersion === 'yes' ? 'breaks' : 'may break'}`]),
    ...(stops ? ['Stops a deployment'] : []),
  ]
    .map(sentence)
    .join(' ');

const block = (sql: string) => ['```sql', sql, '```'].join('\n');

/** Statements in blocks of their own, sentences around them. */
const instead = (remedy: string): string[] =>
  remedy
    .split('\n')
    .map((line) => (line.endsWith(';') ? block(line) : line))
    .join('\n\n')
    .replaceAll('\n```\n\n```sql\n', '\n')
    .split('\n\n');

/** The documentation of one rule: when it holds, what it does, an example, and what to do instead. */
export async function ruleSection({ id, condition, unsafe, safe }: Rule): Promise<string> {
  const sql = (unsafe ?? safe).sql;
  const file = {
    id,
    file: `${id}.sql`,
    up: sql,
    transactional: !/CONCURRENTLY|VACUUM/i.test(sql),
    firstLine: 1,
  };
  const found = (await analyse([file], await exampleCatalog())).find(({ rule }) => rule === id)!;
  return [
    `## ${id}`,
    sentence(condition),
    found.message,
    effectOf(found),
    block(sql),
    ...(found.remedy ? ['Instead:', ...instead(found.remedy)] : []),
    ...(unsafe ? ['Safe:', block(safe.sql)] : []),
  ].join('\n\n');
}

/** The documentation of all rules, in the order of their ids. */
export async function rulesPage(): Promise<string> {
  const sections: string[] = [];
  for (const rule of [...rules].sort((a, b) => (a.id < b.id ? -1 : 1)))
    sections.push(await ruleSection(rule));
  const noted = await Promise.all(notes.map(noteSection));
  return `${[INTRODUCTION, ...sections, NOTES, ...noted].join('\n\n')}\n`.replace(/\n{3,}/g, '\n\n');
}
