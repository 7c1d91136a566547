const { readFileSync } = require('node:fs');

const url = new URL(process.env.DATABASE_URL);

module.exports = {
  dialect: 'postgresql',
  out: './drizzle',
  dbCredentials: {
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
    ssl: { ca: readFileSync(url.searchParams.get('sslrootcert'), 'utf8') },
  },
};
