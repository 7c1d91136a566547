import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { attempts, verdicts } from '../domain/attempts/attempt';
import { problemsOf } from '../domain/text/schema-problems';

const triedSchema = z.object({
  results: z.array(
    z.object({
      attempt: z.enum(attempts),
      verdict: z.enum(verdicts),
      migration: z.nullable(z.string()),
      file: z.nullable(z.string()),
      message: z.optional(z.string()),
    }),
  ),
  /** Of the attempt volume: what each statement took. */
  statements: z._default(z.array(z.object({ ms: z.number().check(z.nonnegative()) })), []),
});

/** A file of `greenlight try --json`. Throws one clear error for anything else. */
export function readTried(file: string): z.infer<typeof triedSchema> {
  const help = 'greenlight try --json writes such a file';
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}; ${help}`);
  }
  const read = triedSchema.safeParse(value);
  if (read.success) return read.data;
  throw new Error(`${problemsOf(read.error, value, file)[0]}; ${help}`);
}

/** How long the release's migrations took on tables as full as production's, in whole seconds. */
export function secondsTried(file: string): number {
  const { statements } = readTried(file);
  if (statements.length === 0)
    throw new Error(
      `${file}: expected statements that were measured, received none; greenlight try --survey survey.json --json measures them`,
    );
  return Math.max(1, Math.ceil(statements.reduce((sum, { ms }) => sum + ms, 0) / 1000));
}
