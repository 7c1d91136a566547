import { spawn } from 'node:child_process';

/**
 * The start of the images that migrate with other tools than the shop's own: tells each tool of the database in its
 * way, and runs it. SHOP is where the shop's own code lies.
 */
const { databaseUrl } = await import(`${process.env.SHOP}/src/dbmate.mjs`);
const { DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD, AWS_CA_BUNDLE } = process.env;
const tls = `sslmode=verify-full&sslrootcert=${AWS_CA_BUNDLE}`;

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  stdio: 'inherit',
  env: {
    ...process.env,
    DATABASE_URL: databaseUrl(process.env, AWS_CA_BUNDLE),
    PGHOST: DB_HOST,
    PGPORT: DB_PORT,
    PGUSER: DB_USER,
    PGPASSWORD: DB_PASSWORD,
    PGDATABASE: DB_NAME,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: AWS_CA_BUNDLE,
    LIQUIBASE_COMMAND_URL: `jdbc:postgresql://${DB_HOST}:${DB_PORT}/${DB_NAME}?${tls}`,
    LIQUIBASE_COMMAND_USERNAME: DB_USER,
    LIQUIBASE_COMMAND_PASSWORD: DB_PASSWORD,
  },
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
