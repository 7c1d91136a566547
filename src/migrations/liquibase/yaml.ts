import type { ChangeSet, Entry, Reader } from './changelog';

const ITEM = /^(\s*)-\s*(include|includeAll|changeSet)\s*:\s*$/;
const OPAQUE =
  'changesets in YAML are not read; write the SQL in a formatted SQL file, or commit the output of "liquibase update-sql"';

/** The scalar of a key in the lines of one item. */
const scalar = (lines: readonly string[], key: string) => {
  const line = lines.find((text) => new RegExp(`^\\s*${key}\\s*:`).test(text));
  return line
    ?.slice(line.indexOf(':') + 1)
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2');
};

function changeSet(lines: readonly string[], firstLine: number): ChangeSet {
  return {
    id: scalar(lines, 'id') ?? '',
    author: scalar(lines, 'author') ?? '',
    up: null,
    down: null,
    opaque: OPAQUE,
    transactional: scalar(lines, 'runInTransaction') !== 'false',
    repeatable: [scalar(lines, 'runOnChange'), scalar(lines, 'runAlways')].includes('true'),
    firstLine,
    content: lines.join('\n'),
  };
}

/** The list of a YAML changelog: includes, and the names of changesets. */
export const readYaml: Reader = (text) => {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (ITEM.test(line) ? [index] : []));
  return starts.map((start, n): Entry => {
    const [, , kind] = ITEM.exec(lines[start]!)!;
    const own = lines.slice(start + 1, starts[n + 1]);
    if (kind === 'changeSet') return changeSet(own, start + 1);
    const relative = scalar(own, 'relativeToChangelogFile') === 'true';
    return kind === 'include'
      ? { include: scalar(own, 'file') ?? '', relative }
      : { include: scalar(own, 'path') ?? '', all: true, relative };
  });
};
