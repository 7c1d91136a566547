import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** A certificate authority of this run alone: it is made at the start and its key is never written anywhere. */
export interface Certificates {
  /** PEM file with the authority's certificate: what a client has to trust. */
  readonly caFile: string;
  /** A server certificate with its key, both PEM: for these names alone, or for 127.0.0.1 and localhost. */
  issue(commonName: string, names?: readonly string[]): Promise<{ certificate: string; key: string }>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

const newKeys = () =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return `-----BEGIN PRIVATE KEY-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

/** A clock that is a little wrong must not make a fresh certificate "not yet valid". Real time: TLS checks real time. */
const validity = () => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + 30 * DAY_MS),
});

export async function createCertificates(directory: string): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Greenlight local cloud',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, `${authority.toString('pem')}\n`, { mode: 0o644 });

  return {
    caFile,
    async issue(commonName, names) {
      const serverKeys = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: authority.subject,
        signingKey: keys.privateKey,
        publicKey: serverKeys.publicKey,
        signingAlgorithm: ALGORITHM,
        ...validity(),
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
          new x509.SubjectAlternativeNameExtension(
            names?.map((value) => ({ type: 'dns', value })) ?? [
              { type: 'dns', value: 'localhost' },
              { type: 'ip', value: '127.0.0.1' },
            ],
          ),
        ],
      });
      return { certificate: `${certificate.toString('pem')}\n`, key: await pemOf(serverKeys.privateKey) };
    },
  };
}
