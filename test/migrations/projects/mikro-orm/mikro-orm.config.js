const { readFileSync } = require('node:fs');
const { Migrator } = require('@mikro-orm/migrations');
const { defineConfig } = require('@mikro-orm/postgresql');

const url = new URL(process.env.DATABASE_URL);

module.exports = defineConfig({
  host: url.hostname,
  port: Number(url.port),
  user: url.username,
  password: decodeURIComponent(url.password),
  dbName: url.pathname.slice(1),
  driverOptions: { connection: { ssl: { ca: readFileSync(url.searchParams.get('sslrootcert'), 'utf8') } } },
  discovery: { warnWhenNoEntities: false },
  extensions: [Migrator],
  migrations: { path: 'migrations', snapshot: false },
});
