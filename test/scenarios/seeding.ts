/** A program of the shop's own that says its statements to the database, one after the other. */
export const program = (...statements: string[]): string[] => [
  ...['node', '--input-type=module', '-e'],
  `import pg from 'pg';
import { connection } from './src/connection.mjs';
const client = new pg.Client(connection());
await client.connect();
for (const statement of ${JSON.stringify(statements)}) await client.query(statement);
await client.end();`,
];
