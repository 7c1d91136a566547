import { analyse } from '../../../src/domain/migrations/analyse';
import { CORPUS } from './corpus';

/** Mulberry32: the same seed, the same mutations, on every machine. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  "'",
  '"',
  '$$',
  '$a$',
  ';',
  '(',
  ')',
  '--',
  '/*',
  '*/',
  '\0',
  '\n',
  'ü',
  '😀',
  ',',
  'NULL',
  'DO $$',
  "E'\\",
];

function mutated(text: string, next: () => number): string {
  const at = Math.floor(next() * (text.length + 1));
  const length = Math.floor(next() * 12);
  const piece = PIECES[Math.floor(next() * PIECES.length)]!;
  switch (Math.floor(next() * 5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + piece + text.slice(at);
    case 2:
      return text.slice(0, at);
    case 3:
      return text.slice(0, at) + text.slice(at, at + length).repeat(2) + text.slice(at);
    default:
      return text.slice(0, at) + piece + text.slice(at + length);
  }
}

/** A file of one to four statements of the corpus, changed in up to five places. */
export function mutant(next: () => number): string {
  const pick = () => CORPUS[Math.floor(next() * CORPUS.length)]!.sql;
  let text = Array.from({ length: 1 + Math.floor(next() * 4) }, pick).join(';\n');
  for (let times = Math.floor(next() * 6); times > 0; times--) text = mutated(text, next);
  return text;
}

export interface Outcome {
  sql: string;
  /** Absent when it was parsed or reported with a position inside the text. */
  complaint?: string;
  ms: number;
}

/** Analyses one mutant; whatever is wrong with it becomes a complaint. */
export async function tryOut(sql: string): Promise<Outcome> {
  const started = performance.now();
  const lines = sql.split('\n').length;
  try {
    const file = { id: '1', file: '1.sql', up: sql, transactional: true, firstLine: 1 };
    const findings = await analyse([file], undefined);
    const stray = findings.find(({ line, column }) => line < 1 || line > lines || column < 1);
    const complaint = stray && `a finding at ${stray.line}:${stray.column} of ${lines} lines`;
    return { sql, complaint, ms: performance.now() - started };
  } catch (error) {
    return { sql, complaint: String(error), ms: performance.now() - started };
  }
}
