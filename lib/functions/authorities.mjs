import { X509Certificate } from 'node:crypto';

/** "Amazon RDS eu-west-1 Root CA RSA2048 G1"; those of RDS Proxy, "Amazon Root CA 1", name no region and hold in all. */
const REGION = /\b[a-z]{2}(-[a-z]+)+-\d\b/;

/**
 * The certificates of RDS that have not expired, as PEM text by region: those of the region itself and those that name none.
 * Source: Amazon RDS User Guide, "Using SSL/TLS to encrypt a connection".
 */
export function authoritiesByRegion(certificates, now = new Date()) {
  const everywhere = [];
  const regions = {};
  for (const pem of certificates) {
    const { subject, validTo } = new X509Certificate(pem);
    if (new Date(validTo) < now) continue;
    const [region] = REGION.exec(subject) ?? [];
    if (region) regions[region] = [...(regions[region] ?? []), pem];
    else everywhere.push(pem);
  }
  return Object.fromEntries(
    Object.entries(regions).map(([region, own]) => [
      region,
      [...own, ...everywhere].map((pem) => pem.trim()).join('\n'),
    ]),
  );
}
