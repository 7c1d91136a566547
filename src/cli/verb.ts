/** One verb of the command line, `greenlight <verb>`. */
export interface Verb {
  /** One line for `greenlight --help`. */
  summary: string;
  /** Runs with the arguments behind the verb; resolves with the exit code. Throws UsageError. */
  run(args: readonly string[]): Promise<number>;
}

/** A command line that cannot be understood; its message is for the user. */
export class UsageError extends Error {
  override name = 'UsageError';
}
