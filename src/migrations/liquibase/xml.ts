import type { ChangeSet, Entry, Reader, ReadFile } from './changelog';

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

interface Sql {
  sql: string;
  /** Where it begins, in the text of the changes. */
  start: number;
  file?: string;
}

/** The pieces of SQL of a list of changes, or the name of the first change that is not SQL. */
function sqlOf(changes: string, read: ReadFile): Sql[] | { other: string } {
  const other = /<(\w+)/.exec(changes.replace(SQL, ''))?.[1];
  if (other) return { other };
  return [...changes.matchAll(SQL)].map((match) => {
    const [whole, inline, file] = match;
    if (inline === undefined) {
      const { file: found, text } = read(attribute(file!, 'path') ?? '');
      return { sql: text, start: match.index, file: found };
    }
    const sql = contentOf(inline);
    const within = whole.indexOf('<![CDATA[');
    const start = within < 0 ? whole.indexOf('>') + 1 : within + '<![CDATA['.length;
    return { sql, start: match.index + start };
  });
}

function rollbackOf(body: string): string | null {
  const content = /<rollback\b[^>]*>([\s\S]*?)<\/rollback>/.exec(body)?.[1];
  if (content === undefined) return null;
  const inner = /<sql\b[^>]*>([\s\S]*?)<\/sql>/.exec(content)?.[1];
  return contentOf(inner ?? content);
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

function changeSet(attributes: string, body: string, before: string, read: ReadFile): ChangeSet {
  const changes = sqlOf(body.replace(ASIDE, blank), read);
  const isTrue = (name: string) => attribute(attributes, name) === 'true';
  const named = {
    id: attribute(attributes, 'id') ?? '',
    author: attribute(attributes, 'author') ?? '',
    down: rollbackOf(body),
    transactional: attribute(attributes, 'runInTransaction') !== 'false',
    repeatable: isTrue('runOnChange') || isTrue('runAlways'),
  };
  if ('other' in changes) {
    const opaque = `the change ${changes.other} is no SQL; commit the output of "liquibase update-sql" as a .sql file of the project`;
    return { ...named, up: null, opaque, firstLine: lineAt(before, before.length), content: body };
  }
  const up = changes.map(({ sql }) => sql).join(';\n');
  const [first] = changes;
  const sqlFile = changes.length === 1 ? first!.file : undefined;
  return {
    ...named,
    up,
    firstLine: sqlFile ? 1 : lineAt(before + body, before.length + (first?.start ?? 0)),
    ...(sqlFile && { sqlFile }),
    content: up,
  };
}

/** An XML changelog: includes, and changesets of which `sql` and `sqlFile` can be read. */
export const readXml: Reader = (text, read) => {
  const plain = text.replace(/<!--[\s\S]*?-->/g, blank);
  return [...plain.matchAll(ELEMENTS)].map((match): Entry => {
    const [whole, include, includeAll, attributes, body = ''] = match;
    if (attributes !== undefined) {
      const start = match.index + whole.length - (body === '' ? 0 : '</changeSet>'.length) - body.length;
      return changeSet(attributes, body, plain.slice(0, start), read);
    }
    const from = include ?? includeAll!;
    return {
      include: attribute(from, include === undefined ? 'path' : 'file') ?? '',
      all: include === undefined,
      relative: attribute(from, 'relativeToChangelogFile') === 'true',
    };
  });
};
