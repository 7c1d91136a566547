import type { Client } from 'pg';
import type { QueriesSeen } from '../../src/domain/validation/upkeep/queries';
import { judgeQueries } from '../../src/domain/validation/upkeep/slower';
import { seeUpkeep } from '../../src/postgres/validation/upkeep';
import { type Server, startServer } from './server';

jest.setTimeout(60_000);

let server: Server;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  await client.query('CREATE EXTENSION pg_stat_statements');
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

async function queries(as = client): Promise<QueriesSeen> {
  await as.query('BEGIN READ ONLY');
  const { queries: seen } = await seeUpkeep(as, []);
  await as.query('ROLLBACK');
  return seen as QueriesSeen;
}

it('finds the statement that became slower between two looks, by its number, and no value of it', async () => {
  const run = async (seconds: number) => {
    for (let nth = 0; nth < 20; nth++) await client.query(`SELECT pg_sleep(${seconds}), 'ann' AS private`);
  };
  await run(0.001);
  const before = await queries();
  await run(0.2);
  const after = await queries();
  const judged = judgeQueries(before.queries, after.queries, { fails: 0.5, warns: 0.25, floorMs: 1 });
  expect(judged.status).toBe('failed');
  expect(judged.detail).toMatch(/in 20 calls \(SELECT pg_sleep\(\$1\), \$2 AS private\)/);
  expect(JSON.stringify(after)).not.toContain('ann');
});

it('says that statements of other roles are hidden from who may not see them', async () => {
  await client.query('CREATE ROLE lookout; GRANT lookout TO app');
  await client.query('SET ROLE lookout');
  const seen = await queries();
  await client.query('RESET ROLE');
  expect(seen.hidden).toBeGreaterThan(0);
  expect(JSON.stringify(seen)).not.toContain('pg_sleep');
});
