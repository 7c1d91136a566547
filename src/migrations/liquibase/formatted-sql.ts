import { sectionsOf } from '../sections';
import type { ChangeSet } from './changelog';

export const HEADER = /^\s*--\s*liquibase formatted sql(.*)$/im;
const MARKER = /^\s*--\s*changeset\s+/i;
/** An author may have blanks. Source: Liquibase, `FormattedSqlChangeLogParser`. */
const NAMED = /^\s*--\s*changeset\s+("[^"]+"|[^:]+):\s*("[^"]+"|\S+)(.*)$/i;
const ROLLBACK = /^\s*--\s*rollback\s+(.*)$/gim;

const unquoted = (name: string) => name.trim().replace(/^"(.*)"$/, '$1');

function rollbackOf(text: string): string | null {
  const lines = [...text.matchAll(ROLLBACK)].map(([, sql]) => sql!);
  return lines.length === 0 ? null : lines.join('\n').replace(/^(empty|not required)$/i, '');
}

/** What stands behind a name in the line of a changeset. */
function attributeOf(line: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}:\\s*("[^"]*"|\\S+)`, 'i').exec(line)?.[1];
  return value === undefined ? undefined : unquoted(value);
}

/** A SQL file with `--changeset author:id` lines. */
export function readFormattedSql(text: string): ChangeSet[] {
  const logical = attributeOf(HEADER.exec(text)?.[1] ?? '', 'logicalFilePath');
  return sectionsOf(text, MARKER).map(({ marker, text: up, firstLine }) => {
    const [, author, id, attributes] = NAMED.exec(marker) ?? [];
    if (author === undefined)
      throw new Error(`${marker.trim()} names no author:id; Liquibase would refuse it`);
    const says = (name: string) => attributeOf(attributes!, name);
    const logicalPath = says('logicalFilePath') ?? logical;
    return {
      id: unquoted(id!),
      author: unquoted(author),
      up,
      down: rollbackOf(up),
      transactional: says('runInTransaction')?.toLowerCase() !== 'false',
      repeatable: [says('runOnChange'), says('runAlways')].includes('true'),
      firstLine,
      ...(logicalPath && { logicalPath }),
      conditions: {
        dbms: says('ignore') === 'true' ? 'none' : says('dbms'),
        context: says('contextFilter') ?? says('context'),
        labels: says('labels'),
      },
      // comments are no part of the checksum
      content: up.replace(/^\s*--.*$/gm, ''),
    };
  });
}
