import { printable } from '../domain/text/printable';

const LONGEST = 600;

/** A command line may be as long as the system allows; what is wrong with it is said first, and what to do last. */
const shortened = (text: string) =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 200)} ... ${text.slice(-150)}` : text;

/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The one line that the user gets of it: what is wrong, and how to learn more. */
export const usageProblem = (message: string, help: string): string =>
  printable(shortened(`${message.replaceAll(/\s*\n\s*/g, ' ')}; ${help}`));
