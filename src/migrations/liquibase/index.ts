import type { Migration } from '../../domain/migrations/types';
import { type Printed, printed, scripts } from '../printed-script';
import { inOrder, nameOf, type Project, sha256 } from '../project';
import { sectionsOf } from '../sections';
import type { MigrationTool } from '../tool';
import { changeSets, type Entry, type Reader, SearchPath } from './changelog';
import { type Filter, filterOf, runs } from './conditions';
import { entriesOf } from './elements';
import { HEADER, readFormattedSql } from './formatted-sql';
import { liquibaseHistory } from './history';
import type { Element } from './tree';

const PRINTED = /^-- Changeset (.+::.+::.+)$/;
const BOOKKEEPING = /^(INSERT INTO|UPDATE) \S*databasechangelog(lock)?\b.*;$/gim;

let parsers: Record<'readXml' | 'readYaml', (text: string) => Element>;

/** What a file of SQL is without Liquibase's header. Source: Liquibase, `SqlChangeLogParser`. */
const raw = (up: string): Entry => ({
  id: 'raw',
  author: 'includeAll',
  up,
  down: null,
  transactional: true,
  repeatable: false,
  firstLine: 1,
  conditions: {},
  content: up,
});

const reader: Reader = (file, text, read) => {
  try {
    if (file.endsWith('.sql')) return HEADER.test(text) ? readFormattedSql(text) : [raw(text)];
    if (file.endsWith('.xml')) return entriesOf(parsers.readXml(text), read);
    if (/\.(ya?ml|json)$/.test(file)) return entriesOf(parsers.readYaml(text), read);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  throw new Error(`${file} is no changelog that can be read; write it as XML, YAML, JSON or formatted SQL`);
};

const MARKS: [RegExp, RegExp][] = [
  [/\.sql$/, HEADER],
  [/\.xml$/, /<(?:\w+:)?databaseChangeLog\b/],
  [/\.ya?ml$/, /^databaseChangeLog\b/m],
  [/\.json$/, /^\s*\{\s*"databaseChangeLog"/],
];

const isChangelog = (project: Project, file: string) =>
  MARKS.some(([name, mark]) => name.test(file) && mark.test(project.read(file)));

const properties = ({ files }: Project) => files.find((file) => nameOf(file) === 'liquibase.properties');

/** A setting of liquibase.properties, whose names are written in several ways. */
function property(project: Project, name: string): string | undefined {
  const file = properties(project);
  if (!file) return undefined;
  const pattern = new RegExp(String.raw`^\s*(?:liquibase\.(?:command\.)?)?${name}\s*[=:]\s*(.*\S)`, 'im');
  return pattern.exec(project.read(file))?.[1];
}

const searchPath = (project: Project) => {
  const told = `${property(project, 'search-?path') ?? ''},${property(project, 'classpath') ?? ''}`;
  return new SearchPath(
    project,
    told.split(/[,:;]/).flatMap((root) => (root.trim() === '' ? [] : [root.trim()])),
  );
};

const filterIn = (project: Project): Filter =>
  filterOf(property(project, 'context(?:s|-?filter)'), property(project, 'label(?:s|-?filter)'));

/** The changelog that Liquibase starts with: the one of its properties, else the only one that no other includes. */
function rootOf(search: SearchPath): string {
  const { project } = search;
  const named = property(project, 'change-?log-?file');
  if (named) return named;
  const all = project.files.filter((one) => isChangelog(project, one));
  const inner = new Set(
    all.flatMap((one) =>
      changeSets(search, search.pathOf(one), reader).flatMap(({ file: of }) => (of === one ? [] : [of])),
    ),
  );
  const roots = all.filter((one) => !inner.has(one)).sort(inOrder);
  if (roots.length !== 1)
    throw new Error(
      `${roots.length} changelogs could be the first (${roots.join(', ')}); name the folder of one history, or the file in liquibase.properties as changelog-file`,
    );
  return search.pathOf(roots[0]!);
}

/** What `liquibase update-sql` printed, by changeset. */
function printedChangeSets(project: Project): Map<string, Printed> {
  const found = scripts(project, /^-- Changeset .+::.+::.+$/m).flatMap((file) =>
    sectionsOf(project.read(file), PRINTED).map(
      ({ marker, text, firstLine }) =>
        [PRINTED.exec(marker)![1]!.trim(), printed(file, text, firstLine, BOOKKEEPING)] as const,
    ),
  );
  return new Map(found);
}

export const liquibase: MigrationTool = {
  ...liquibaseHistory,
  detect: (project) => properties(project) ?? project.files.find((file) => isChangelog(project, file)),
  async load() {
    // few projects have changelogs, and every start of the command line would pay for their parsers
    const [xml, yaml] = await Promise.all([import('./xml.ts'), import('./yaml.ts')]);
    parsers = { ...xml, ...yaml };
  },

  list(project) {
    const sql = printedChangeSets(project);
    const filter = filterIn(project);
    const search = searchPath(project);
    return changeSets(search, rootOf(search), reader)
      .filter(({ conditions }) => runs(conditions, filter))
      .map((set): Migration => {
        const id = `${set.path}::${set.id}::${set.author}`;
        const known = set.opaque ? sql.get(id) : undefined;
        return {
          id,
          file: set.sqlFile ?? set.file,
          up: set.up,
          down: set.down,
          ...(set.opaque && !known && { opaque: set.opaque, opaqueLine: set.opaqueLine }),
          checksum: sha256(set.content),
          transactional: set.transactional,
          firstLine: set.firstLine,
          ...(set.repeatable && { repeatable: true }),
          ...known,
        };
      });
  },
};
