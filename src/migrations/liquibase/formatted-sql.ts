import { sectionsOf } from '../sections';
import type { Reader } from './changelog';

export const HEADER = /^\s*--\s*liquibase formatted sql/im;
const MARKER = /^\s*--\s*changeset\s+/i;
const NAMED = /^\s*--\s*changeset\s+("[^"]+"|[^\s:]+):("[^"]+"|\S+)(.*)$/i;
const ROLLBACK = /^\s*--\s*rollback\s+(.*)$/gim;

const unquoted = (name: string) => name.replace(/^"(.*)"$/, '$1');

function rollbackOf(text: string): string | null {
  const lines = [...text.matchAll(ROLLBACK)].map(([, sql]) => sql!);
  return lines.length === 0 ? null : lines.join('\n').replace(/^(empty|not required)$/i, '');
}

/** A SQL file with `--changeset author:id` lines. */
export const readFormattedSql: Reader = (text) =>
  sectionsOf(text, MARKER).map(({ marker, text: up, firstLine }) => {
    const [, author, id, attributes] = NAMED.exec(marker) ?? [];
    if (author === undefined)
      throw new Error(`${marker.trim()} names no author:id; Liquibase would refuse it`);
    const says = (attribute: string) => new RegExp(`\\b${attribute}`, 'i').test(attributes!);
    return {
      id: unquoted(id!),
      author: unquoted(author),
      up,
      down: rollbackOf(up),
      transactional: !says('runInTransaction:"?false'),
      repeatable: says('runOnChange:"?true') || says('runAlways:"?true'),
      firstLine,
      // comments are no part of the checksum
      content: up.replace(/^\s*--.*$/gm, ''),
    };
  });
