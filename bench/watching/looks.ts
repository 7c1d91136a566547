import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { watch } from '../../src/postgres/watching';
import { type Server, startServer } from '../../test/postgres/server';

/**
 * Prints as JSON how long looks at a migration take, in milliseconds, while others are at work: `looks.ts SESSIONS`. A tenth of
 * them is in a transaction, and a hundredth waits behind the migration.
 */
const sessions = Number(process.argv[2]);
const WARM = 5;
const LOOKS = 200;
/** Of the system's clock, in which Linux counts a process's CPU (proc(5), /proc/pid/stat: utime, stime). */
const TICK_MS = 10;

/** What a process has used, in milliseconds. */
const cpuOf = (pid: number): number => {
  const [utime, stime] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13);
  return (Number(utime) + Number(stime)) * TICK_MS;
};

async function open(server: Server, name: string): Promise<Client> {
  const client = await server.connect();
  client.on('error', () => {});
  await client.query(`SET application_name = '${name}'`);
  return client;
}

async function main(): Promise<void> {
  const server = await startServer({ max_connections: String(sessions + 50), shared_buffers: '16384' });
  const clients: Client[] = [];
  try {
    const looking = await open(server, 'greenlight-look');
    await looking.query(
      "CREATE TABLE orders (id int); DO $$ BEGIN FOR n IN 1..50 LOOP EXECUTE format('CREATE TABLE t%s (id int primary key)', n); END LOOP; END $$",
    );
    const migration = await open(server, 'greenlight-release-1');
    clients.push(migration);
    for (let made = 0; made < sessions; made += 20)
      clients.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(20, sessions - made) }, () => open(server, 'shop v1')),
        )),
      );
    await migration.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
    const users = clients.slice(1);
    const waiting = users.slice(0, Math.ceil(sessions / 100));
    for (const client of waiting) client.query('SELECT * FROM orders').catch(() => {});
    for (const [index, client] of users.slice(waiting.length, Math.ceil(sessions / 10)).entries())
      await client.query(`BEGIN; INSERT INTO t${(index % 50) + 1} VALUES (${index})`);
    const of = { application: 'greenlight-release-1', roles: [], withinSeconds: 600 };
    const look = () => watch(looking, { ...of, lockSeconds: 600, blockedSeconds: 15 });
    for (let warm = 0; warm < WARM; warm++) await look();
    const { rows } = await looking.query('SELECT pg_backend_pid() AS pid');
    const took: number[] = [];
    let blocked = 0;
    const before = cpuOf(rows[0].pid);
    for (let looks = 0; looks < LOOKS; looks++) {
      const begun = performance.now();
      ({ blocked } = await look());
      took.push(performance.now() - begun);
    }
    const cpu = (cpuOf(rows[0].pid) - before) / LOOKS;
    took.sort((one, other) => one - other);
    console.log(JSON.stringify({ cpu, wall: took[LOOKS / 2], blocked }));
  } finally {
    // all at once: the server is about to go
    for (const client of clients) client.end().catch(() => {});
    await server.close();
  }
}

void main().then(() => process.exit(0));
