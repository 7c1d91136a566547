import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import { pendingOf } from '../../src/domain/migrations/pending';
import type { ToolName } from '../../src/domain/migrations/types';
import { detectTool, migrationTools } from '../../src/migrations';
import { manifestOf } from '../../src/migrations/manifest';
import { openProject } from '../../src/migrations/project';
import { isInstalled, killAll, start, succeed, TOOLS } from './command';
import { realTools } from './real-tools';
import { type Connection, type Server, startServer } from './server';

// a run of Java takes three seconds, and many times that on a busy machine
jest.setTimeout(240_000);

const PROJECTS = join(__dirname, 'projects');

/** Ids in the tool's order; the SQL of each, or that it cannot be read. */
const projects: Record<ToolName, { ids: string[]; opaque: number[]; downs: number }> = {
  alembic: { ids: ['b2a1', 'a7c4', 'c901'], opaque: [0, 1, 2], downs: 0 },
  dbmate: { ids: ['20260101000000', '20260102000000', '20260103000000'], opaque: [], downs: 3 },
  diesel: { ids: ['20260101000000', '20260102000000', '20260103000000'], opaque: [], downs: 3 },
  drizzle: { ids: ['1767225600000', '1767312000000', '1767398400000'], opaque: [], downs: 0 },
  efcore: {
    ids: ['20260101000000_Accounts', '20260102000000_Email', '20260103000000_EmailIndex'],
    opaque: [],
    downs: 0,
  },
  flyway: { ids: ['1', '2.1', '10'], opaque: [], downs: 3 },
  'golang-migrate': { ids: ['1', '2', '10'], opaque: [], downs: 3 },
  'graphile-migrate': { ids: ['000001.sql', '000002.sql', '000003.sql'], opaque: [], downs: 0 },
  knex: {
    ids: ['20260101000000_accounts.js', '20260102000000_email.js', '20260103000000_email_index.js'],
    opaque: [0, 1],
    downs: 0,
  },
  kysely: {
    ids: ['1767225600000_accounts', '1767312000000_email', '1767398400000_email_index'],
    opaque: [2],
    downs: 0,
  },
  liquibase: {
    ids: [
      'db/changes/accounts.sql::accounts::shop',
      'db/changes/accounts.sql::email::shop',
      'db/changelog.xml::check::shop',
    ],
    opaque: [],
    downs: 3,
  },
  'mikro-orm': {
    ids: [
      'Migration20260101000000_accounts',
      'Migration20260102000000_email',
      'Migration20260103000000_email_index',
    ],
    opaque: [2],
    downs: 0,
  },
  'node-pg-migrate': {
    ids: ['1767225600000_accounts', '1767312000000_email', '1767398400000_email-check'],
    opaque: [2],
    downs: 2,
  },
  plain: { ids: ['001_accounts', '002_email', '003_email_index'], opaque: [], downs: 3 },
  prisma: {
    ids: ['20260101000000_accounts', '20260102000000_email', '20260103000000_email_index'],
    opaque: [],
    downs: 0,
  },
  sequelize: {
    ids: ['20260101000000-accounts.js', '20260102000000-email.js', '20260103000000-email-index.js'],
    opaque: [2],
    downs: 0,
  },
  typeorm: {
    ids: ['Accounts1767225600000', 'Email1767312000000', 'EmailIndex1767398400000'],
    opaque: [2],
    downs: 0,
  },
};

describe.each(Object.entries(projects))('a project of %s', (name, { ids, opaque, downs }) => {
  const project = openProject(join(PROJECTS, name));
  const tool = migrationTools[name as ToolName];

  beforeAll(() => tool.load?.());

  it('is known by its files', () => expect(detectTool(project).name).toBe(name));

  it('is listed in the order in which the tool applies it', () => {
    expect(tool.list(project).map(({ id }) => id)).toEqual(ids);
  });

  it('has the SQL of each migration with its place in the file, or says why it has none', () => {
    const migrations = tool.list(project);
    const words = [/create table.*accounts/i, /accounts.*add.*email/is, /accounts_email/];
    for (const [n, { up, file, firstLine, opaque: why }] of migrations.entries()) {
      if (opaque.includes(n)) {
        expect([up, why]).toEqual([null, expect.stringMatching(/code/)]);
        continue;
      }
      expect([up, why]).toEqual([expect.stringMatching(words[n]!), undefined]);
      const lines = project
        .read(file)
        .split('\n')
        .slice(firstLine - 1);
      const first = up!.split('\n').findIndex((line) => /accounts/.test(line));
      // a literal of code becomes a statement by a semicolon
      expect(lines[first]).toContain(up!.split('\n')[first]!.trim().replace(/;$/, ''));
    }
  });

  it('has the SQL that takes a migration back where the tool keeps it', () => {
    const found = tool.list(project).flatMap(({ down }) => (down === null ? [] : [down]));
    expect(found).toHaveLength(downs);
    for (const down of found) expect(down).toMatch(/drop/i);
  });
});

describe('on a real PostgreSQL', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    killAll();
    await server?.close();
  });

  (isInstalled('java') ? it : it.skip)(
    'liquibase records the changesets that are listed: of several folders, forms, databases, contexts and authors',
    async () => {
      const tool = migrationTools.liquibase;
      const folder = join(PROJECTS, 'liquibase-search-path');
      const connection = await server.createDatabase('liquibase-search-path');
      const session = await server.connect(connection);
      const { migrations } = manifestOf(openProject(folder), tool);
      await succeed([tool.apply(migrations)], folder, connection);
      const { applied } = await tool.history(session);
      await session.end();
      expect(migrations).toHaveLength(11);
      expect(migrations.map(({ id }) => id)).toEqual(applied.map(({ id }) => id));
      const lineOf = (file: string, n: number) => openProject(folder).read(file).split('\n')[n - 1];
      const [indexed] = migrations.filter(({ id }) => id.includes('::x1::'));
      expect(
        lineOf(
          indexed!.file,
          indexed!.firstLine + indexed!.up!.split('\n').findIndex((text) => /ALTER/.test(text)),
        ),
      ).toContain('<sql>ALTER');
    },
  );

  for (const real of realTools) {
    const tool = migrationTools[real.name];
    const title = `${real.name}, run as it is`;
    if (!isInstalled(real.program)) {
      describe.skip(`${title} (there is no ${real.program} here)`, () => it('is not run', () => {}));
      continue;
    }

    describe(title, () => {
      let folder: string;
      let connection: Connection;
      let session: Client;
      beforeAll(async () => {
        folder = join(server.workDir, `project-${real.name}`);
        cpSync(join(PROJECTS, real.name), folder, { recursive: true });
        symlinkSync(TOOLS, join(folder, 'node_modules'));
        connection = await server.createDatabase(real.name);
        session = await server.connect(connection);
      });
      afterAll(() => session?.end());

      const manifest = () => manifestOf(openProject(folder), tool);
      const pending = async (earlier?: ReturnType<typeof manifest>) =>
        pendingOf(manifest(), await tool.history(session), tool, earlier);
      const applyAll = async () => start(tool.apply((await pending()).pending), folder, connection);
      const write = (seconds: number) => {
        for (const [file, content] of Object.entries(real.slow(seconds))) {
          const path = join(folder, file);
          mkdirSync(dirname(path), { recursive: true });
          const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
          writeFileSync(path, typeof content === 'string' ? content : content(before));
        }
      };
      const sessions = async (condition: string) =>
        (
          await session.query(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
          )
        ).rows.length;
      const until = async (what: () => Promise<boolean>) => {
        for (let n = 0; n < 1_200; n++) {
          if (await what()) return;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error('it never came about');
      };

      it('applies what is pending, and its history is read back', async () => {
        expect((await pending()).pending.map(({ id }) => id)).toEqual(projects[real.name].ids);
        await succeed([tool.apply((await pending()).pending)], folder, connection);
        expect(await pending(manifest())).toEqual({ pending: [], problems: [] });
        expect((await session.query('SELECT email FROM accounts')).rows).toEqual([]);
      });

      it('has left nothing but its own tables and sequences', async () => {
        const { rows } = await session.query(
          `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'S') AND oid >= 16384
              AND relname NOT LIKE 'accounts%'`,
        );
        expect(rows.map(({ name }) => name).sort()).toEqual([...tool.tables].sort());
      });

      it('is refused when an applied migration was edited', async () => {
        const earlier = manifest();
        const file = join(folder, earlier.migrations[0]!.file);
        const original = readFileSync(file, 'utf8');
        writeFileSync(file, original + real.edit);
        const { problems } = await pending(earlier);
        const noticed = await start(tool.apply([]), folder, connection).ended;
        writeFileSync(file, original);
        expect(problems).toEqual([
          expect.objectContaining({ kind: 'edited', remedy: expect.stringContaining('restore') }),
        ]);
        if (real.notices) expect(noticed.output).toMatch(real.notices);
        else expect(noticed.code).toBe(0);
      });

      it('leaves, when it is killed, what its adapter reads and knows the way out of, and waits for a lock as long as it is let', async () => {
        write(60);
        const running = await applyAll();
        await until(async () => (await sessions("query LIKE '%pg_sleep%'")) > 0);
        running.kill();
        await running.ended;
        await until(async () => (await sessions('true')) === 0);
        expect((await session.query("SELECT to_regclass('slow') AS slow")).rows).toEqual([{ slow: null }]);

        write(0);
        if (real.killed) {
          const { problem, refuses, unlock, unlockSql } = real.killed;
          const { problems } = await pending();
          expect(problems.map(({ kind }) => kind)).toEqual([problem]);
          expect(problems[0]!.remedy).toContain(unlock.join(' '));
          expect((await (await applyAll()).ended).output).toMatch(refuses);
          if (unlockSql) await session.query(unlockSql);
          else await succeed([unlock], folder, connection);
        }
        // the server ends the session of a process that is gone a moment later, and its lock with it
        await until(async () => (await sessions('true')) === 0);
        expect((await pending()).problems).toEqual([]);
        await succeed([tool.apply((await pending()).pending)], folder, connection);
        expect(await pending()).toEqual({ pending: [], problems: [] });
        const lock_timeout = real.guarded === false ? '0' : '5s';
        expect((await session.query('SELECT * FROM slow')).rows).toEqual([{ lock_timeout }]);
      });

      it('takes back the newest migration, or says why it cannot', async () => {
        const { migrations } = manifest();
        const newest = migrations.at(-1)!;
        const revert = tool.revert([newest], migrations.at(-2)!.id);
        if ('cannot' in revert) return expect(revert.cannot).toMatch(/no (rollback|revert)/);
        await succeed(revert.commands, folder, connection);
        expect((await pending()).pending.map(({ id }) => id)).toEqual([newest.id]);
        expect((await session.query("SELECT to_regclass('slow') AS slow")).rows).toEqual([{ slow: null }]);
      });
    });
  }
});
