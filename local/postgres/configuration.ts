import { join } from 'node:path';
import { EXTENSIONS_FOLDER } from './extensions';

/** The internal superuser, as on RDS: nobody else is one. */
export const SUPERUSER = 'rdsadmin';

/** As RDS with rds.force_ssl: everybody has to come with TLS, except the local cloud's own connections. */
export const HOST_BASED_AUTHENTICATION = `
host    all         ${SUPERUSER} 127.0.0.1/32 scram-sha-256
host    replication ${SUPERUSER} 127.0.0.1/32 scram-sha-256
hostssl all         all          127.0.0.1/32 scram-sha-256
`;

/** Everybody with a password, with TLS or without. */
export const WITHOUT_TLS = `
host    all         all          127.0.0.1/32 scram-sha-256
`;

const quote = (value: string | number) => `'${String(value).replaceAll("'", "''")}'`;

/** The files of the server certificate inside the data directory. */
export const CERTIFICATE_FILE = 'greenlight.crt';
export const KEY_FILE = 'greenlight.key';

/** Set by the local cloud; a parameter group cannot change them. */
function fixedSettings(port: number): Record<string, string | number> {
  return {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: CERTIFICATE_FILE,
    ssl_key_file: KEY_FILE,
    // segments in files of the data directory go away with it, those in /dev/shm would survive a SIGKILL
    dynamic_shared_memory_type: 'mmap',
  };
}

const extensionsIn = (directory: string) => ({
  extension_control_path: `${join(directory, EXTENSIONS_FOLDER)}:$system`,
});

/** Where a cluster that replays another's changes gets them from, without TLS: nobody else is between them. */
const streamedFrom = ({ port, superuserPassword }: Followed) => ({
  primary_conninfo: `host=127.0.0.1 port=${port} user=${SUPERUSER} password=${superuserPassword} sslmode=disable`,
  // a reader of Aurora is a fraction of a second behind
  wal_retrieve_retry_interval: '100ms',
});

type Followed = { port: number; superuserPassword: string };

/** Defaults of a small instance; a parameter group may change them. */
const DEFAULTS: Record<string, string | number> = {
  password_encryption: 'scram-sha-256',
  shared_preload_libraries: 'pg_stat_statements',
  shared_buffers: '32MB',
  max_connections: 200,
  // the data need not survive a crash of the machine: they are removed with the local cloud
  fsync: 'off',
  full_page_writes: 'on',
  logging_collector: 'off',
  timezone: 'UTC',
};

/** Names that mean something to RDS only: what they say holds here anyway. */
const RDS_ONLY = /^rds\./;

/** postgresql.conf for the parameters of a parameter group; a name that PostgreSQL does not know stops its start. */
export function configurationFile(
  { port, directory, follows }: { port: number; directory: string; follows?: Followed },
  parameters: Record<string, string>,
  /** Whether extensions are looked for in the data directory as well. */
  folders: boolean,
): string {
  const fixed = {
    ...fixedSettings(port),
    ...(folders ? extensionsIn(directory) : {}),
    ...(follows ? streamedFrom(follows) : {}),
  };
  const given = Object.fromEntries(Object.entries(parameters).filter(([name]) => !RDS_ONLY.test(name)));
  const settings = { ...DEFAULTS, ...given, ...fixed };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${quote(value)}\n`)
    .join('');
}
