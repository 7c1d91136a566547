import type { ChangeSet, Entry, Reader } from './changelog';

const blank = (text: string) => text.replace(/[^\n]/g, ' ');
const ELEMENTS =
  /<include\b([^>]*?)\/?>|<includeAll\b([^>]*?)\/?>|<changeSet\b([^>]*?)(?:\/>|>([\s\S]*?)<\/changeSet>)/g;
/** What a changeset may hold beside its changes. */
const ASIDE = /<(rollback|preConditions|comment|validCheckSum)\b[^>]*?(?:\/>|>[\s\S]*?<\/\1>)/g;
const SQL = /<sql\b[^>]*>([\s\S]*?)<\/sql>|<sqlFile\b([^>]*?)(?:\/>|>\s*<\/sqlFile>)/g;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const decoded = (text: string) => text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => ENTITIES[name]!);
const contentOf = (text: string) => {
  const sections = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(text);
  return sections ? sections[1]! : decoded(text);
};

const attribute = (attributes: string, name: string) => {
  const value = new RegExp(`\\b${name}\\s*=\\s*(["'])(.*?)\\1`).exec(attributes)?.[2];
  return value === undefined ? undefined : decoded(value);
};

/** The SQL of a list of changes, or the name of the first change that is not SQL. */
function sqlOf(changes: string, read: (path: string) => string): { sql: string } | { other: string } {
  const other = /<(\w+)/.exec(changes.replace(SQL, ''))?.[1];
  if (other) return { other };
  const parts = [...changes.matchAll(SQL)].map(([, inline, file]) =>
    inline === undefined ? read(attribute(file!, 'path') ?? '') : contentOf(inline),
  );
  return { sql: parts.map((sql) => sql.replace(/;?\s*$/, ';')).join('\n') };
}

function rollbackOf(body: string): string | null {
  const content = /<rollback\b[^>]*>([\s\S]*?)<\/rollback>/.exec(body)?.[1];
  if (content === undefined) return null;
  const inner = /<sql\b[^>]*>([\s\S]*?)<\/sql>/.exec(content)?.[1];
  return contentOf(inner ?? content);
}

function changeSet(
  attributes: string,
  body: string,
  firstLine: number,
  read: (path: string) => string,
): ChangeSet {
  const changes = sqlOf(body.replace(ASIDE, ''), read);
  const isTrue = (name: string) => attribute(attributes, name) === 'true';
  return {
    id: attribute(attributes, 'id') ?? '',
    author: attribute(attributes, 'author') ?? '',
    up: 'sql' in changes ? changes.sql : null,
    down: rollbackOf(body),
    ...('other' in changes && {
      opaque: `the change ${changes.other} is no SQL; commit the output of "liquibase update-sql" as a .sql file of the project`,
    }),
    transactional: attribute(attributes, 'runInTransaction') !== 'false',
    repeatable: isTrue('runOnChange') || isTrue('runAlways'),
    firstLine,
    content: body,
  };
}

/** An XML changelog: includes, and changesets of which `sql` and `sqlFile` can be read. */
export const readXml: Reader = (text, read) => {
  const plain = text.replace(/<!--[\s\S]*?-->/g, blank);
  return [...plain.matchAll(ELEMENTS)].map((match): Entry => {
    const [, include, includeAll, attributes, body] = match;
    if (attributes !== undefined)
      return changeSet(attributes, body ?? '', plain.slice(0, match.index).split('\n').length, read);
    const from = include ?? includeAll!;
    return {
      include: attribute(from, include === undefined ? 'path' : 'file') ?? '',
      all: include === undefined,
      relative: attribute(from, 'relativeToChangelogFile') === 'true',
    };
  });
};
