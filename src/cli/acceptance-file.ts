import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { nonEmpty } from '../domain/text/schemas';

const acceptance = z.strictObject({
  /** As findings name it. */
  file: nonEmpty,
  line: z.optional(z.int().check(z.positive())),
  rule: nonEmpty,
  reason: nonEmpty,
  /** The last day on which it holds, UTC. */
  until: z.iso.date(),
});
export type Acceptance = z.infer<typeof acceptance>;

/** Throws for a file that is not a list of acceptances, naming the entry and the key. */
export function readAcceptances(file: string): Acceptance[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}; it is a JSON list`);
  }
  const parsed = z.array(acceptance).safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new Error(
    `${file}: ${problems.join('; ')}; an entry has file, line (optional), rule, reason and until`,
  );
}
