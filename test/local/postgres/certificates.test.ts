import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { type Certificates, createCertificates } from '../../../local/postgres/certificates';

let directory: string;
let certificates: Certificates;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'certificates-'));
  certificates = await createCertificates(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** The result of a verified TLS handshake: "trusted", or why not. */
async function handshake(host: string, ca: string, servername?: string): Promise<string> {
  const { certificate, key } = await certificates.issue('localhost');
  const server = createServer({ cert: certificate, key }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const result = await new Promise<string>((resolve) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca,
      servername: servername ?? (host === 'localhost' ? host : ''),
    });
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error) => resolve(error.message));
  });
  await new Promise((resolve) => server.close(resolve));
  return result;
}

describe('the certificates of a run', () => {
  it('are trusted for the loopback address and for localhost by who has the authority', async () => {
    const ca = readFileSync(certificates.caFile, 'utf8');
    expect(await handshake('127.0.0.1', ca)).toBe('trusted');
    expect(await handshake('localhost', ca)).toBe('trusted');
  });

  it('are not trusted for another name, nor by who has another authority', async () => {
    const ca = readFileSync(certificates.caFile, 'utf8');
    expect(await handshake('', ca, 'database.example.org')).toMatch(/altnames/);
    const other = await createCertificates(mkdtempSync(join(directory, 'other-')));
    expect(await handshake('localhost', readFileSync(other.caFile, 'utf8'))).not.toBe('trusted');
  });

  it('come with an authority whose key is not on disk', () => {
    const text = readFileSync(certificates.caFile, 'utf8');
    expect(text).not.toContain('PRIVATE KEY');
    expect(new X509Certificate(text).ca).toBe(true);
  });
});
