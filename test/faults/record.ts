import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Case } from './cases';
import type { Played } from './play';

/** A case and how it went; in a file one JSON object a line, a later line of a case instead of an earlier one. */
export type Result = Case & Omit<Played, 'entered'>;

export interface Results {
  add(result: Result): void;
  isTrue(one: Case): boolean;
  all(): Result[];
}

const keyOf = ({ state, kind, error = '' }: Case) => `${state} ${kind} ${error}`;

/** The results of a run, kept in a file if one is named, so that hours of playing survive an interruption. */
export function openRecord(file?: string): Results {
  const lines = file && existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const results = new Map(lines.map((line) => JSON.parse(line) as Result).map((one) => [keyOf(one), one]));
  if (file) mkdirSync(dirname(file), { recursive: true });
  return {
    add(result) {
      results.set(keyOf(result), result);
      if (file) appendFileSync(file, `${JSON.stringify(result)}\n`);
    },
    isTrue: (one) => results.get(keyOf(one))?.problems.length === 0,
    all: () => [...results.values()],
  };
}
