import type { Migration } from '../domain/migrations/types';
import type { Project } from './project';
import { refusesTransaction, statementsOf } from './statements';

/** The SQL of a migration that is code, from a script that the tool itself printed. */
export type Printed = Pick<Migration, 'file' | 'up' | 'firstLine' | 'transactional'>;

/** The tool's own bookkeeping becomes empty lines, so that the lines of the rest keep their numbers. */
const blank = (text: string) => text.replace(/[^\n]/g, '');
const TRANSACTIONS = /^[ \t]*(BEGIN|START TRANSACTION|COMMIT)[ \t]*;[ \t]*$/gm;

/** A piece of a script as a migration. `bookkeeping` are the statements about the tool's history table. */
export function printed(file: string, text: string, firstLine: number, bookkeeping: RegExp): Printed {
  const up = text.replace(bookkeeping, blank).replace(TRANSACTIONS, blank);
  return { file, up, firstLine, transactional: !statementsOf(up).some(refusesTransaction) };
}

/** The project's SQL files whose text matches. */
export const scripts = (project: Project, mark: RegExp) =>
  project.files.filter((file) => file.endsWith('.sql') && mark.test(project.read(file)));
