import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { keyTooLong, notServed } from './faults';

const LONGEST_KEY_BYTES = 1024;

/** What of a PutObject would change who may read, lock or delete the object. */
const NOT_KEPT = [
  'ACL',
  'ObjectLockMode',
  'ObjectLockLegalHoldStatus',
  'Tagging',
  'WebsiteRedirectLocation',
] as const;

/** Refuses what a new object may not be, and what would not be kept. */
export function check(input: Pick<PutObjectCommandInput, 'Key' | (typeof NOT_KEPT)[number]>): void {
  if (Buffer.byteLength(input.Key!) > LONGEST_KEY_BYTES) throw keyTooLong();
  const refused = NOT_KEPT.find((setting) => input[setting] !== undefined);
  if (refused) throw notServed(`${refused} of an object`);
}
