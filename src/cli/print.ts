import { printable } from '../domain/text/printable';

/**
 * The one way to the terminal. What is printed may have been written by anybody: a reason in the journal, a statement in
 * a migration, an error of some server; none of it drives the terminal.
 */
const LINES = '\n\t';

export const print = (text: string): void => console.log(printable(text, LINES));

/** To standard error. */
export const remark = (text: string): void => console.error(printable(text, LINES));
