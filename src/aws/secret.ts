import { createHash, timingSafeEqual } from 'node:crypto';

/** What the table keeps of a link's secret: from it nobody can make the link. */
export const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** Does the secret of a link belong to the stored hash? Takes the same time wherever they differ. */
export const fits = (secret: string, hash: string) =>
  hash.length === 64 && timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));
