import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../../local/processes';
import { analyse } from '../../../src/domain/migrations/analyse';
import { strongest } from '../../../src/domain/migrations/assessment';
import type { Catalog } from '../../../src/domain/migrations/catalog';
import { rules } from '../../../src/domain/migrations/knowledge';
import type { Finding, LockTaken } from '../../../src/domain/migrations/types';
import { readCatalog } from '../../../src/postgres/catalog';
import { CORPUS } from './corpus';
import { byItself, inTransaction, standsAlone } from './experiment';
import { FIXTURE } from './fixture';
import { type Measured, rowsOfOldVersion, sorted } from './measured';
import { expectPattern } from './pattern';
import { isPresent, MAJORS, type Major, type Server, startServer } from './servers';

/** On tables of a hundred rows, so that what is slow stops. */
const SMALL_IS_BIG = { bigRows: 1, bigBytes: 1 };
/** Only PostgreSQL 18 has the syntax. */
const SINCE_18 =
  /NOT NULL \w+( NOT VALID)?$|\bVIRTUAL\b|\bENFORCED\b|\bALTER CONSTRAINT \w+ INHERIT\b|\bSET EXPRESSION\b/;

const possible = (sql: string, major: Major) => major >= 18 || !SINCE_18.test(sql);

async function claimed(sql: string, catalog: Catalog): Promise<Finding[]> {
  const file = { id: '1', file: '1.sql', up: sql, transactional: !standsAlone(sql), firstLine: 1 };
  const findings = await analyse([file], catalog, SMALL_IS_BIG);
  findings.forEach(expectPattern);
  return findings;
}

/** What they break are connections that are made afterwards: a test of its own. */
const NEXT_CONNECTIONS = new Set(['lock-role-out']);

const WRITES = new Set([
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
  'ROW EXCLUSIVE',
]);

/** The findings of all statements, as one thing to compare with what was measured. */
function summed(findings: Finding[]) {
  const any = (test: (finding: Finding) => boolean) => findings.some(test);
  const looked = ({ locks, rule }: Finding) =>
    locks.filter(({ mode }) => WRITES.has(mode) || (mode === 'ROW SHARE' && rule.startsWith('lock-')));
  const locks: LockTaken[] = strongest(findings.flatMap(looked));
  return {
    locks: sorted(locks),
    blocksReads: any(({ blocksReads }) => blocksReads),
    blocksWrites: any(({ blocksWrites }) => blocksWrites),
    rewrite: any(({ rewrite }) => rewrite),
    scan: any(({ scan }) => scan),
  };
}

const harm = ({ refused, broken, blocks }: Measured): string => {
  if (refused !== undefined || broken.length > 0) return 'breaks';
  return blocks ? 'blocks' : 'safe';
};

it('keeps each rule in a file of its name', () => {
  const files = readdirSync(join(__dirname, '../../../src/domain/migrations/knowledge/rules'))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => name !== 'index');
  expect(rules.map(({ id }) => id).sort()).toEqual(files.sort());
});

it('has a corpus of at least 150 statements', () => expect(CORPUS.length).toBeGreaterThanOrEqual(150));

describe.each(MAJORS)('on PostgreSQL %i', (major) => {
  let processes: Processes;
  let server: Server;
  let admin: Client;
  let client: Client;
  let other: Client;
  let application: Client;
  let catalog: Catalog;
  let pid: number;
  let base: (number | undefined)[];

  const present = isPresent(major);
  const each = present ? it.each : it.skip.each;

  beforeAll(async () => {
    if (!present) return;
    processes = await startProcesses();
    server = await startServer(processes, major);
    admin = await server.connect('postgres');
    await admin.query('SET allow_in_place_tablespaces = on');
    await admin.query("CREATE TABLESPACE elsewhere LOCATION ''");
    await admin.query('CREATE DATABASE fixture');
    const setup = await server.connect('fixture');
    await setup.query(FIXTURE);
    await setup.end();
    await admin.query('CREATE DATABASE proof TEMPLATE fixture');
    [client, other] = await Promise.all([server.connect('proof'), server.connect('proof')]);
    await other.query('SET lock_timeout = 200');
    // the old version is at work
    application = await server.connect('proof', 'app');
    catalog = await readCatalog(client);
    pid = (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
    await client.query('BEGIN');
    base = await rowsOfOldVersion(client);
    await client.query('ROLLBACK');
  });

  afterAll(async () => {
    await Promise.all([admin, client, other, application].map((session) => session?.end()));
    await processes?.close();
  });

  const measure = (sql: string) =>
    standsAlone(sql) ? byItself(server, admin, sql, base) : inTransaction(client, other, sql, pid, base);

  (present ? it : it.skip)('lets the old version work before anything is done to it', () => {
    expect(base).not.toContain(undefined);
  });

  (present ? it : it.skip)('lets nobody in any more who is shut out', async () => {
    await admin.query('CREATE ROLE leaving LOGIN');
    await admin.query('ALTER ROLE leaving NOLOGIN');
    await expect(server.connect('proof', 'leaving')).rejects.toThrow('not permitted to log in');
  });

  const own = rules.map((rule) => [rule.id, (rule.unsafe ?? rule.safe).sql] as const);
  each(own.filter(([, sql]) => possible(sql, major)))('%s does what it claims: %s', async (id, sql) => {
    const findings = await claimed(sql, catalog);
    expect(findings.map(({ rule }) => rule)).toContain(id);
    const measured = await measure(sql);
    const found = findings.find(({ rule }) => rule === id)!;
    if (measured.refused !== undefined) {
      expect({ refused: measured.refused, stops: found.stops }).toEqual({
        refused: expect.any(String),
        stops: true,
      });
      return;
    }
    const { broken, blocks, ...taken } = measured;
    expect(taken).toEqual(summed(findings));
    expect(found.class === 'expand-slow' || found.class === 'irreversible' || broken.length > 0).toBe(
      blocks || broken.length > 0,
    );
    if (found.breaksLiveVersion === 'yes' && !NEXT_CONNECTIONS.has(id)) expect(broken).not.toEqual([]);
    if (found.breaksLiveVersion === 'no' && found.class !== 'irreversible') expect(broken).toEqual([]);
  });

  const remedies = rules.flatMap(({ id, unsafe, safe }) => (unsafe ? [[id, safe.sql] as const] : []));
  each(remedies.filter(([, sql]) => possible(sql, major)))('%s has a safe form: %s', async (_id, sql) => {
    const findings = await claimed(sql, catalog);
    const measured = await measure(sql);
    expect({ harm: harm(measured), measured }).toEqual({ harm: 'safe', measured });
    expect(findings.filter(({ stops }) => stops)).toEqual([]);
  });

  each(CORPUS.filter(({ sql }) => possible(sql, major)))('$label: $sql', async ({ sql, label, unseen }) => {
    const measured = await measure(sql);
    expect({ harm: harm(measured), measured }).toEqual({ harm: label, measured });
    const stops = (await claimed(sql, catalog)).some((finding) => finding.stops);
    expect(stops).toBe(unseen ? label === 'safe' : label !== 'safe');
  });
});
