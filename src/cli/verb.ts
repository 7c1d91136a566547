import { printable } from '../domain/text/printable';

/** One verb of the command line, `greenlight <verb>`. */
export interface Verb {
  /** Runs with the arguments behind the verb; resolves with the exit code. Throws UsageError. */
  run(args: readonly string[]): Promise<number>;
}

const LONGEST = 600;

/** A command line may be as long as the system allows; what is wrong with it is said first, and what to do last. */
const shortened = (text: string) =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 200)} ... ${text.slice(-150)}` : text;

/** A command line that cannot be understood; its message is one line for the user. */
export class UsageError extends Error {
  override name = 'UsageError';

  constructor(message: string) {
    super(printable(shortened(message)));
  }
}
