import { cells, dimensions, type Row, rowOf, rows } from './table';

const INTRODUCTION = `# Rollbacks

What a deployment that rolls back does about the database; traffic is already back on the previous version when this is
decided. The first row that fits decides. \`npm run rollbacks\` prints this page from the table that \`ChooseRollback\` uses
(\`src/domain/rollback/table.ts\`); the number behind each action says how many of the ${cells().length} combinations a row decides.
An empty field means: whatever it is.
`;

const MEANINGS = `
- **reached**: \`start\`, no migration task is known to have run; \`expand\`, one ran and was not verified; \`deploy\`, verified, and
  no user was on the new version; \`shift\`, users were; \`contract\`, contract migrations were begun.
- **migrations**: \`none\` to run; \`fit\`, the previous version works on the migrated schema; \`break\`, it does not, which only
  a maintenance window allows before the contract phase.
- **writes** since the deployment's own snapshot: \`impossible\` while the service is closed.
- **database**: \`as before\` by history, fingerprint and, in a maintenance window, rows; \`unrecorded\`, it changed and the
  history table names no new migration; \`applied\`, it names some; \`working\`, the server still executes what a stopped
  client sent.
- **down scripts** of what is applied: judged by the rules that judge migrations. As long as no user was on the new version,
  what a run itself has added holds nothing that anybody wrote, so dropping that loses nothing; once users were there it does.
- **starts**: \`no\`, a task of the previous version was started on the schema as it is, outside the traffic, and did not become
  healthy (setting \`trial\`). A schema that is kept or was taken back is tried so before \`RolledBack\` is said.
- **revertSchema**: the service's setting \`rollback.revertSchema\`, which a request may override.

Actions: \`keep\` the schema, stop green, \`RolledBack\`; \`reject\`, the same and \`DeploymentRejected\`; \`revert\` by the service's own
command, verified by the history table; \`restore\` the snapshot into a new instance; \`wait\` and look again, for \`deadlines.rollbackSeconds\` at most; \`operator\`:
\`NeedsOperator\` with what stands and the commands that remain.
`;

const HEADINGS = ['reached', 'migrations', 'writes', 'database', 'down scripts', 'starts', 'revertSchema'];

function lineOf(row: Row, number: number): string {
  const names = Object.keys(dimensions) as (keyof typeof dimensions)[];
  const conditions = names.map((name) => (row.when[name] ?? []).join(', '));
  const decided = cells().filter((cell) => rowOf(cell) === row).length;
  const shown = 'scenario' in row.shown ? row.shown.scenario : row.shown.unreachable;
  return [number, ...conditions, `**${row.action}** (${decided})`, row.because, shown].join(' | ');
}

/** The documentation of every rollback. */
export function rollbackPage(): string {
  const head = ['', ...HEADINGS, 'action', 'because', 'shown by'];
  const lines = rows.map((row, index) => `| ${lineOf(row, index + 1)} |`);
  const table = [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
  return `${INTRODUCTION}\n${table}\n${MEANINGS}`;
}
