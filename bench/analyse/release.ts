import type { ReleaseFile } from '../../src/domain/migrations/types';
import { CORPUS } from '../../test/domain/migrations/corpus';
import { standsAlone } from '../../test/domain/migrations/experiment';

const STATEMENTS_PER_FILE = 3;

export const fileOf = (sql: string, index: number): ReleaseFile => ({
  id: String(index),
  file: `${index}.sql`,
  up: sql,
  transactional: !standsAlone(sql),
  firstLine: 1,
});

/** Files of three statements of the corpus each. */
export const filesOf = (count: number): ReleaseFile[] =>
  Array.from({ length: count }, (_none, i) => {
    const statement = (part: number) => CORPUS[(i * STATEMENTS_PER_FILE + part) % CORPUS.length]!.sql;
    return fileOf(`${[0, 1, 2].map(statement).join(';\n')};\n`, i);
  });
