import { analyse } from '../analyse';
import type { Finding } from '../types';
import { rules } from '.';
import type { Rule } from './rule';

const INTRODUCTION = `# Rules

What is known of migrations, one rule per heading. \`npm run rules\` prints this page from the rules themselves; each is
proven by executing its statements on PostgreSQL 15 and 18 (\`test/domain/migrations/proofs.test.ts\`). What is said here
is said without a database, where the size of a table is not known and counts as big.
`;

function effectOf({ locks, rewrite, scan, breaksOldVersion, class: kind, stops }: Finding): string {
  return [
    `class ${kind}`,
    locks.length > 0
      ? locks.map(({ mode, relation }) => `${mode} on ${relation}`).join(', ')
      : 'no lock on a table',
    ...(rewrite ? ['rewrites the table'] : []),
    ...(scan ? ['reads the table'] : []),
    ...(breaksOldVersion === 'no'
      ? []
      : [`running version ${breaksOldVersion === 'yes' ? 'breaks' : 'may break'}`]),
    ...(stops ? ['stops a deployment'] : []),
  ].join('; ');
}

const block = (sql: string) => ['```sql', sql, '```'].join('\n');

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
  const found = (await analyse([file], undefined)).find(({ rule }) => rule === id);
  return [
    `## ${id}`,
    `${condition}.`,
    ...(found ? [`${found.message}. ${effectOf(found)}.`] : []),
    block(sql),
    ...(found?.remedy ? [`Instead: ${found.remedy}.`] : []),
    ...(unsafe ? ['Safe:', block(safe.sql)] : []),
  ].join('\n\n');
}

/** The documentation of all rules, in the order of their ids. */
export async function rulesPage(): Promise<string> {
  const sections: string[] = [];
  for (const rule of [...rules].sort((a, b) => (a.id < b.id ? -1 : 1)))
    sections.push(await ruleSection(rule));
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`.replace(/\n{3,}/g, '\n\n');
}
