import { patternsSchema } from '../../src/domain/privacy/patterns';
import { problemsOf } from '../../src/domain/text/schema-problems';

/** @throws Error that lists every pattern that cannot be used */
export function checkPatterns(workflow: string, patterns: readonly string[]): void {
  const { error } = patternsSchema.safeParse(patterns);
  if (error) throw new Error(problemsOf(error, patterns, `${workflow}.redact`).join('\n'));
}
