import type { Stage } from '../../domain/migrations/staged';
import type { ToolName } from '../../domain/migrations/types';
import { migrationTools } from '../../migrations';
import type { Project } from '../../migrations/project';
import { alembic } from './alembic';
import { drizzle } from './drizzle';
import { efcore } from './efcore';
import { counting, inPart, stamp, type WrittenFile } from './file';

/** Digits of a time in a name. */
const STAMP = 14;

const NOTHING_TO_TAKE_BACK = '-- nothing to take back\nSELECT 1;';

/** The rollback as SQL: absent where there is none. */
const downOf = ({ down }: Stage): string | undefined =>
  down === null ? undefined : down === '' ? NOTHING_TO_TAKE_BACK : down;

const heading = ({ when, why }: Stage) => `-- ${when}\n-- ${why.replaceAll('\n', '\n-- ')}`;

/** The files of one stage; their paths are below the folder of its release. `version` sorts behind all that is there. */
type Writer = (stage: Stage, version: string, time: Date) => WrittenFile[];

const dbmate: Writer = (stage, version) => {
  const option = stage.transactional ? '' : ' transaction:false';
  const up = `-- migrate:up${option}\n${heading(stage)}\n${stage.up}\n`;
  return [
    {
      path: `${version}_${stage.name}.sql`,
      text: `${up}\n-- migrate:down${option}\n${downOf(stage) ?? ''}\n`,
    },
  ];
};

const pair =
  (up: string, down: string): Writer =>
  (stage, version) => {
    const name = `${version}_${stage.name}`;
    const back = downOf(stage);
    return [
      { path: `${name}${up}`, text: `${heading(stage)}\n${stage.up}\n` },
      ...(back === undefined ? [] : [{ path: `${name}${down}`, text: `${back}\n` }]),
    ];
  };

/** Its SQL files always run in a transaction; only code can ask for none. */
const nodePgMigrate: Writer = (stage, version) => {
  // the tool's own names have milliseconds
  const name = `${version}${version.length === STAMP ? '000' : ''}_${stage.name}`;
  const back = downOf(stage);
  if (stage.transactional) {
    const down = back === undefined ? '' : `\n-- Down Migration\n${back}\n`;
    return [{ path: `${name}.sql`, text: `-- Up Migration\n${heading(stage)}\n${stage.up}\n${down}` }];
  }
  const run = (sql: string) => `(pgm) => {\n  pgm.noTransaction();\n  pgm.sql(${JSON.stringify(sql)});\n}`;
  const down = back === undefined ? 'false' : run(back);
  const comment = heading(stage).replaceAll(/^--/gm, '//');
  return [
    { path: `${name}.cjs`, text: `${comment}\nexports.up = ${run(stage.up)};\nexports.down = ${down};\n` },
  ];
};

/** Prisma has no down migrations, and sends a file as one string: a statement that wants no transaction is alone in it. */
const prisma: Writer = (stage, version) => [
  { path: `${version}_${stage.name}/migration.sql`, text: `${heading(stage)}\n${stage.up}\n` },
];

/** Source: Flyway's documentation, "PostgreSQL Transactional Lock". */
const FLYWAY_LOCK =
  'needs flyway.postgresql.transactional.lock=false: with its lock in a transaction Flyway would wait for itself without end';

/** Flyway itself sees what cannot run in a transaction; undo files are read by its paid editions and ignored by the free one. */
const flyway: Writer = (stage, version) => {
  const back = downOf(stage);
  const name = `${version}__${stage.name}.sql`;
  const lock = /\bCONCURRENTLY\b/.test(stage.up) ? `-- ${FLYWAY_LOCK}\n` : '';
  return [
    { path: `V${name}`, text: `${heading(stage)}\n${lock}${stage.up}\n` },
    ...(back === undefined ? [] : [{ path: `U${name}`, text: `${back}\n` }]),
  ];
};

/** knex has code only; `raw` sends the text as it is, bindings are none. */
const knex: Writer = (stage, version) => {
  const back = downOf(stage);
  const raw = (sql: string) => `(knex) => knex.raw(${JSON.stringify(sql)})`;
  const none = `() => Promise.reject(new Error(${JSON.stringify(`${stage.name} cannot be taken back`)}))`;
  const lines = [
    heading(stage).replaceAll(/^--/gm, '//'),
    `exports.up = ${raw(stage.up)};`,
    `exports.down = ${back === undefined ? none : raw(back)};`,
    ...(stage.transactional ? [] : ['exports.config = { transaction: false };']),
  ];
  return [{ path: `${version}_${stage.name}.cjs`, text: `${lines.join('\n')}\n` }];
};

const rejected = ({ name }: Stage) => `throw new Error(${JSON.stringify(`${name} cannot be taken back`)});`;

/** Tools whose migrations are modules: a comment, and what the text sends up and down as statements. */
const code =
  (
    fileOf: (stage: Stage, time: Date) => string,
    textOf: (stage: Stage, time: Date, up: string, down: string) => string,
    send: (sql: string) => string,
  ): Writer =>
  (stage, _version, time) => {
    const back = downOf(stage);
    const text = textOf(stage, time, send(stage.up), back === undefined ? rejected(stage) : send(back));
    return [{ path: fileOf(stage, time), text: `${heading(stage).replaceAll(/^--/gm, '//')}\n${text}\n` }];
  };

const classNameOf = ({ name }: Stage) =>
  name.replaceAll(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());

/** A class that says that it wants no transaction is refused where all of them share one, which is TypeORM's default. */
const typeorm = code(
  (stage, time) => `${time.getTime()}-${stage.name}.js`,
  (stage, time, up, down) =>
    [
      `module.exports = class ${classNameOf(stage)}${time.getTime()} {`,
      ...(stage.transactional ? [] : ['  transaction = false;', '']),
      `  async up(queryRunner) {\n    ${up}\n  }\n`,
      `  async down(queryRunner) {\n    ${down}\n  }\n};`,
    ].join('\n'),
  (sql) => `await queryRunner.query(${JSON.stringify(sql)});`,
);

const mikroOrm = code(
  (stage, time) => `Migration${stamp(time)}_${stage.name}.js`,
  (stage, time, up, down) =>
    [
      "const { Migration } = require('@mikro-orm/migrations');\n",
      `exports.Migration${stamp(time)}_${stage.name} = class extends Migration {`,
      ...(stage.transactional ? [] : ['  isTransactional() {\n    return false;\n  }\n']),
      `  async up() {\n    ${up}\n  }\n`,
      `  async down() {\n    ${down}\n  }\n};`,
    ].join('\n'),
  (sql) => `this.addSql(${JSON.stringify(sql)});`,
);

/** All pending migrations run in one transaction; only disableTransactions in the configuration lets one run without. */
const kysely = code(
  (stage, time) => `${time.getTime()}_${stage.name}.ts`,
  (_, __, up, down) =>
    [
      "import { type Kysely, sql } from 'kysely';\n",
      `export async function up(db: Kysely<unknown>): Promise<void> {\n  ${up}\n}\n`,
      `export async function down(db: Kysely<unknown>): Promise<void> {\n  ${down}\n}`,
    ].join('\n'),
  (sql) => `await sql.raw(${JSON.stringify(sql)}).execute(db);`,
);

const sequelize = code(
  (stage, time) => `${stamp(time)}-${stage.name}.js`,
  (_, __, up, down) =>
    [
      'module.exports = {',
      `  async up(queryInterface) {\n    ${up}\n  },\n`,
      `  async down(queryInterface) {\n    ${down}\n  },\n};`,
    ].join('\n'),
  (sql) => `await queryInterface.sequelize.query(${JSON.stringify(sql)});`,
);

const diesel: Writer = (stage, _version, time) => {
  const folder = `${time.toISOString().slice(0, 10)}-${stamp(time).slice(8)}_${stage.name}`;
  const back = downOf(stage);
  return [
    { path: `${folder}/up.sql`, text: `${heading(stage)}\n${stage.up}\n` },
    ...(back === undefined ? [] : [{ path: `${folder}/down.sql`, text: `${back}\n` }]),
    ...(stage.transactional
      ? []
      : [{ path: `${folder}/metadata.toml`, text: 'run_in_transaction = false\n' }]),
  ];
};

/** To be copied into current.sql and committed by the tool, which makes the number and the hashes. */
const graphileMigrate: Writer = (stage, _version, time) => [
  {
    path: `${stamp(time)}-${stage.name.replaceAll('_', '-')}.sql`,
    text: `${stage.transactional ? '' : '--! no-transaction\n'}${heading(stage)}\n${stage.up}\n`,
  },
];

/** Statements hold semicolons inside of DO blocks, so a changeset is sent as one. */
const liquibase: Writer = (stage, version) => {
  const back = downOf(stage);
  const options = `splitStatements:false${stage.transactional ? '' : ' runInTransaction:false'}`;
  const rollback = (back ?? '').split('\n').map((line) => `--rollback ${line}`);
  const lines = [
    '--liquibase formatted sql',
    `--changeset greenlight:${version}-${stage.name} ${options}`,
    heading(stage),
    stage.up,
    ...(back === undefined ? [] : rollback),
  ];
  return [{ path: `${version}_${stage.name}.sql`, text: `${lines.join('\n')}\n` }];
};

const EACH: Partial<Record<ToolName, Writer>> = {
  dbmate,
  diesel,
  flyway,
  'golang-migrate': pair('.up.sql', '.down.sql'),
  'graphile-migrate': graphileMigrate,
  knex,
  kysely,
  liquibase,
  'mikro-orm': mikroOrm,
  'node-pg-migrate': nodePgMigrate,
  plain: pair('.sql', '.down.sql'),
  prisma,
  sequelize,
  typeorm,
};

/** Tools whose files go on from what the project has: its newest revision, its journal, its context. */
const TOGETHER = { alembic, drizzle, efcore };

/**
 * The stages with SQL as files of a tool, below `release-1`, `release-2` and so on: what belongs to a later release must
 * not lie where this one's migrations are. Names go on from the project's numbers where it counts its migrations, else they
 * follow one another from `start` on, a second apart. Throws where the
 * project has not what the tool's files go on from, and says what is to be done.
 */
export function filesOf(
  tool: ToolName,
  stages: readonly Stage[],
  start: Date,
  project: Project,
): WrittenFile[] {
  const timed = stages
    .filter(({ up }) => up !== '')
    .map((stage, index) => ({ stage, time: new Date(start.getTime() + index * 1000) }));
  if (tool === 'alembic' || tool === 'drizzle' || tool === 'efcore') return TOGETHER[tool](timed, project);
  const write = EACH[tool]!;
  const counted = migrationTools[tool].detect(project) === undefined ? undefined : counting(project);
  return timed.flatMap(({ stage, time }, index) => {
    const plain =
      tool === 'plain' && project.files.length === 0 ? String(index + 1).padStart(3, '0') : undefined;
    return write(stage, counted?.(index) ?? plain ?? stamp(time), time).map((file) => inPart(stage, file));
  });
}
