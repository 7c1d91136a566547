import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'libpg-query';
import type { ReleaseFile } from '../../../../src/domain/migrations/types';

/** What a team shipped at once, and what its users did until the next time. */
export interface Release {
  files: ReleaseFile[];
  /** SQL that puts rows into the tables, as traffic would. Not analysed. */
  rows: string;
}

/** A project's migrations from its first release on. */
export interface History {
  name: string;
  releases: Release[];
}

/** A statement of a file, where it stands. A DO block is one. */
export interface Placed {
  text: string;
  tag: string;
  /** 1-based. */
  line: number;
}

const FOLDER = join(__dirname, 'written');
const HEADING = /^--> (rows|file (?<file>[^,\n]+)(?<alone>, no transaction)?)$/gm;

const statementFile = (id: string, up: string, alone: boolean): ReleaseFile => ({
  id,
  file: id,
  up,
  transactional: !alone,
  firstLine: 1,
});

/** Sections of a text: "--> file NAME[, no transaction]", and after some of them "--> rows", which ends a release. */
function releasesIn(text: string): Release[] {
  const releases: Release[] = [{ files: [], rows: '' }];
  const headings = [...text.matchAll(HEADING)];
  headings.forEach(({ index, 0: heading, groups }, at) => {
    const body = text.slice(index + heading.length + 1, headings[at + 1]?.index);
    const last = releases.at(-1)!;
    if (groups?.file) last.files.push(statementFile(groups.file, body, groups.alone !== undefined));
    else releases.splice(-1, 1, { ...last, rows: body }, { files: [], rows: '' });
  });
  return releases.filter(({ files }) => files.length > 0);
}

/** All of them, by name. */
export const histories = (): History[] =>
  readdirSync(FOLDER)
    .sort()
    .map((file) => ({
      name: file.replace(/\.sql$/, ''),
      releases: releasesIn(readFileSync(join(FOLDER, file), 'utf8')),
    }));

/** The statements of a file in their order. The parser must have been loaded. */
export function statementsIn(sql: string): Placed[] {
  const bytes = Buffer.from(sql);
  return (parseSync(sql).stmts ?? []).map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const text = bytes.subarray(from, length === undefined ? undefined : from + length).toString();
    const before = bytes.subarray(0, from).toString() + text.slice(0, text.search(/\S/));
    return { text: text.trim(), tag: Object.keys(stmt!)[0]!, line: before.split('\n').length };
  });
}
