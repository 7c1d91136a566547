const { readFileSync } = require('node:fs');

const url = new URL(process.env.DATABASE_URL);

module.exports = {
  dialect: 'postgres',
  host: url.hostname,
  port: Number(url.port),
  username: url.username,
  password: decodeURIComponent(url.password),
  database: url.pathname.slice(1),
  dialectOptions: { ssl: { ca: readFileSync(url.searchParams.get('sslrootcert'), 'utf8') } },
};
