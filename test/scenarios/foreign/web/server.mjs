// A web server over PostgreSQL: what it has been told is in a table, and every page counts its readers.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { Client } = createRequire(import.meta.url)('pg');
const { host, port, username, password, dbname } = JSON.parse(process.env.DATABASE);
const client = new Client({
  ...{ host, port, user: username, password, database: dbname },
  ssl: { rejectUnauthorized: false },
});
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS readers (at timestamptz NOT NULL)');

createServer(async ({ url }, response) => {
  if (url === '/health') return response.end('well');
  await client.query('INSERT INTO readers VALUES (now())');
  const { rows } = await client.query('SELECT count(*)::int AS readers FROM readers');
  response.end(JSON.stringify({ greeting: process.env.GREETING, ...rows[0] }));
}).listen(process.env.PORT, process.env.HOST);
