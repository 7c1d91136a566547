import type { ChangeSet, Entry, ReadFile } from './changelog';
import { isForPostgres } from './conditions';
import { childrenOf, type Element, isTrue } from './tree';

interface Sql {
  sql: string;
  line: number;
  file?: string;
}

/** What a changeset may hold beside its changes. */
const ASIDE = ['rollback', 'preConditions', 'comment', 'validCheckSum', 'modifySql'];

const pathOf = ({ attributes }: Element) => ({
  path: attributes.path ?? attributes.file ?? '',
  relative: attributes.relativeToChangelogFile === 'true',
});

function sqlOf(change: Element, read: ReadFile): Sql {
  if (change.name !== 'sqlFile') return { sql: change.text, line: change.line };
  const { path, relative } = pathOf(change);
  const { file, text } = read(path, relative);
  return { sql: text, line: 1, file };
}

/** The pieces as one text, each on the line on which it stands; pieces of several files follow one another. */
function joined(pieces: readonly Sql[]): string {
  let text = '';
  let line = pieces[0]?.line ?? 1;
  for (const piece of pieces) {
    if (text !== '') {
      const lines = Math.max(1, piece.file ? 1 : piece.line - line);
      text += `;${'\n'.repeat(lines)}`;
      line += lines;
    }
    text += piece.sql;
    line += piece.sql.split('\n').length - 1;
  }
  return text;
}

function rollbackOf(element: Element): string | null {
  const [rollback] = childrenOf(element, 'rollback');
  if (!rollback) return null;
  const inner = childrenOf(rollback, 'sql').map(({ text }) => text);
  return inner.length > 0 ? inner.join(';\n') : rollback.text.trim();
}

function changeSetOf(element: Element, read: ReadFile): ChangeSet {
  const { attributes } = element;
  const changes = element.children.filter(
    ({ name, attributes: { dbms } }) => !ASIDE.includes(name) && isForPostgres(dbms),
  );
  const pieces = changes
    .filter(({ name }) => name === 'sql' || name === 'sqlFile')
    .map((one) => sqlOf(one, read));
  const other = changes.find(({ name }) => name !== 'sql' && name !== 'sqlFile');
  const sqlFile = pieces.length === 1 ? pieces[0]!.file : undefined;
  return {
    id: attributes.id ?? '',
    author: attributes.author ?? '',
    up: pieces.length === 0 && other ? null : joined(pieces),
    down: rollbackOf(element),
    ...(other && {
      opaque: `the change ${other.name} is no SQL; commit the output of "liquibase update-sql" as a .sql file of the project`,
      opaqueLine: other.line,
    }),
    transactional: attributes.runInTransaction !== 'false',
    repeatable: isTrue(element, 'runOnChange') || isTrue(element, 'runAlways'),
    firstLine: pieces[0]?.line ?? element.line,
    ...(sqlFile && { sqlFile }),
    ...(attributes.logicalFilePath && { logicalPath: attributes.logicalFilePath }),
    conditions: {
      dbms: isTrue(element, 'ignore') ? 'none' : attributes.dbms,
      context: attributes.contextFilter ?? attributes.context,
      labels: attributes.labels,
    },
    content: JSON.stringify([pieces.map(({ sql }) => sql), other && element.children]),
  };
}

/** The changelog's changesets and includes. */
export const entriesOf = (root: Element, read: ReadFile): Entry[] =>
  childrenOf(root, 'include', 'includeAll', 'changeSet').map((element) => {
    if (element.name !== 'changeSet') {
      const { path, relative } = pathOf(element);
      return { include: path, all: element.name === 'includeAll', relative };
    }
    const set = changeSetOf(element, read);
    const { logicalFilePath } = root.attributes;
    return logicalFilePath && !set.logicalPath ? { ...set, logicalPath: logicalFilePath } : set;
  });
