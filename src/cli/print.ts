import { redaction } from '../domain/privacy/redaction';
import { printable } from '../domain/text/printable';

/**
 * The one way to the terminal. What is printed may have been written by anybody: a reason in the journal, a statement in
 * a migration, an error of some server; none of it drives the terminal.
 */
const LINES = '\n\t';
/** Also of journals that were written before anything was redacted. */
const redact = redaction([]);

export const print = (text: string): void => console.log(printable(redact(text), LINES));

/** To standard error. */
export const remark = (text: string): void => console.error(printable(redact(text), LINES));

/** Somebody can be asked. */
export const isTerminal = (): boolean => process.stdin.isTTY === true;

/** Asks on standard error; empty for an end of the input. */
export async function asked(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return (await Promise.race([terminal.question(printable(`${question} `)), closed])).trim();
  } finally {
    terminal.close();
  }
}

/** Anything but `y` or `yes` is a no. */
export const agreed = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test(await asked(`${question} [y/N]`));
