import type { Client } from 'pg';
import { analyse } from '../../../../src/domain/migrations/analyse';
import type { Finding } from '../../../../src/domain/migrations/types';
import { readCatalog } from '../../../../src/postgres/catalog';
import type { Server } from '../servers';
import { applyFile, type Effect, type Run } from './effects';
import { type History, type Placed, type Release, statementsIn } from './history';
import { BIG_ROWS, inUse } from './in-use';

/** A statement of a history: what it did, and what was said of it before. */
export interface Judged extends Effect {
  history: string;
  file: string;
  line: number;
  text: string;
  /** Findings that would have stopped the deployment. */
  stopping: Finding[];
}

/** Roles that the histories speak of; the live version works as `app`. */
const ROLES = ['app', 'reporting', 'anon'];
const PRIVILEGES = `
GRANT USAGE ON SCHEMA public TO app;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO app;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO app;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO app;`;

async function prepare(admin: Client, client: Client): Promise<void> {
  for (const role of ROLES)
    await admin.query(
      `DO $$ BEGIN CREATE ROLE ${role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    );
  await client.query(PRIVILEGES);
}

/** Findings about a statement: on its lines, up to where the next one begins. */
const about = (findings: Finding[], file: string, { line }: Placed, next?: Placed) =>
  findings.filter(
    (found) => found.file === file && found.line >= line && found.line < (next?.line ?? Number.MAX_VALUE),
  );

async function ship(run: Run, history: string, { files, rows }: Release): Promise<Judged[]> {
  const catalog = await readCatalog(run.client);
  const used = await inUse(run.client, catalog);
  const stopping = (await analyse(files, catalog, { bigRows: BIG_ROWS })).filter(({ stops }) => stops);
  const judged: Judged[] = [];
  let broken: string[] = [];
  for (const { file, up, transactional } of files) {
    const statements = statementsIn(up!);
    const applied = await applyFile(run, used, statements, transactional, broken).catch((error: Error) => {
      throw new Error(`${history}, ${file}: ${error.message}`);
    });
    broken = applied.broken;
    statements.forEach((statement, i) => {
      const { line, text } = statement;
      const found = about(stopping, file, statement, statements[i + 1]);
      judged.push({ history, file, line, text, stopping: found, ...applied.effects[i]! });
    });
  }
  await run.client.query(`${rows || 'SELECT 1'}; ANALYZE`);
  return judged;
}

/**
 * Applies a history release by release to a database of its own, with rows in it between the releases, and sets beside
 * what each statement did what the analyser said of it, knowing the live catalog of the moment before the release.
 */
export async function walk(server: Server, admin: Client, history: History): Promise<Judged[]> {
  const database = history.name.replaceAll('-', '_');
  await admin.query(`CREATE DATABASE ${database}`);
  const [client, other] = [await server.connect(database), await server.connect(database)];
  const sessions = [client, other];
  try {
    await prepare(admin, client);
    // the live version is at work
    sessions.push(await server.connect(database, 'app'));
    await other.query('SET lock_timeout = 200');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const run = { server, database, client, other, pid: rows[0]!.pid };
    const judged: Judged[] = [];
    for (const release of history.releases) judged.push(...(await ship(run, history.name, release)));
    return judged;
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  }
}
