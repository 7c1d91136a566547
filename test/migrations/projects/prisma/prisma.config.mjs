import { readFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { defineConfig } from 'prisma/config';

const NAME = 19;
const TEXT = 25;

const LOCK_TIMEOUT_MS = 10_000;

// the engine never clears the timer of its lock, which would hold the process for ten seconds
const { setTimeout } = globalThis;
globalThis.setTimeout = Object.assign((run, ms, ...rest) => {
  const timer = setTimeout(run, ms, ...rest);
  return ms === LOCK_TIMEOUT_MS ? timer.unref() : timer;
}, setTimeout);

/** The tool's own engine needs a download; the one in JavaScript needs two corrections of its driver. */
async function adapter() {
  const url = new URL(process.env.DATABASE_URL);
  const factory = new PrismaPg({
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
    // and so would an idle connection
    idleTimeoutMillis: 1,
    ssl: { ca: readFileSync(url.searchParams.get('sslrootcert'), 'utf8') },
  });
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    async connect() {
      const connection = await connect();
      const query = connection.performIO.bind(connection);
      return Object.assign(connection, {
        // type "name" is unknown to the driver
        async performIO(input) {
          const result = await query(input);
          for (const field of result.fields ?? []) if (field.dataTypeID === NAME) field.dataTypeID = TEXT;
          return result;
        },
        // the driver cuts scripts at semicolons, also inside of strings
        async executeScript(script) {
          await query({ sql: script, args: [] });
        },
      });
    },
  });
}

export default defineConfig({
  experimental: { adapter: true },
  engine: 'js',
  schema: 'prisma/schema.prisma',
  adapter,
});
