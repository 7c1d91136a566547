import type { Stage } from '../../domain/migrations/staged';
import { migrationTools } from '../../migrations';
import { type Project, sha256 } from '../../migrations/project';
import { inRelease, stamp, type Timed, type WrittenFile } from './file';

/** The revision that no other follows. */
function headOf(project: Project): string | undefined {
  const all = migrationTools.alembic.list(project);
  const followed = new Set(all.flatMap(({ parents = [] }) => parents));
  const heads = all
    .map(({ id }) => id)
    .filter((id) => !followed.has(id))
    .sort();
  if (heads.length > 1)
    throw new Error(
      `alembic has the heads ${heads.join(' and ')}; bring them together with alembic merge first`,
    );
  return heads[0];
}

/** Text between three quotes. A colon before a word would be a parameter of SQLAlchemy's, unless it is escaped. */
const literal = (sql: string) => {
  const bound = sql.replaceAll('\\', '\\\\').replaceAll(/(?<![:\w\\]):(?=\w)/g, '\\\\:');
  return `"""\n${bound.replaceAll('"""', '\\"\\"\\"')}\n"""`;
};

/** Outside a transaction where the stage wants none; the block commits what the run has done so far. */
function run(sql: string, transactional: boolean): string {
  const call = `op.execute(${literal(sql)})`;
  return transactional ? `    ${call}` : `    with op.get_context().autocommit_block():\n        ${call}`;
}

function downgrade({ name, down, transactional }: Stage): string {
  if (down === null) return `    raise NotImplementedError("${name} cannot be taken back")`;
  return down === '' ? '    pass' : run(down, transactional);
}

const comment = (text: string) => `# ${text.replaceAll('\n', '\n# ')}`;

/**
 * A chain of revisions behind the project's head. Source: Alembic's documentation, "Operation Reference" (`execute`,
 * `autocommit_block`) and "Working with Branches".
 */
export function alembic(timed: readonly Timed[], project: Project): WrittenFile[] {
  let before = headOf(project);
  return timed.map(({ stage, time }) => {
    const revision = sha256(`${stamp(time)}_${stage.name}`).slice(0, 12);
    const lines = [
      comment(stage.when),
      comment(stage.why),
      'from alembic import op',
      '',
      `revision = "${revision}"`,
      '# where other revisions have come in between, the newest of them',
      `down_revision = ${before === undefined ? 'None' : `"${before}"`}`,
      'branch_labels = None',
      'depends_on = None',
      '',
      '',
      'def upgrade():',
      run(stage.up, stage.transactional),
      '',
      '',
      'def downgrade():',
      downgrade(stage),
    ];
    before = revision;
    return inRelease(stage, { path: `${revision}_${stage.name}.py`, text: `${lines.join('\n')}\n` });
  });
}
