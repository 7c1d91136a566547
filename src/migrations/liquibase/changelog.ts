import { posix } from 'node:path';
import { folderOf, inOrder, type Project } from '../project';

/** One changeset as it stands in its file. */
export interface ChangeSet {
  id: string;
  author: string;
  /** Null with a reason when it is not SQL. */
  up: string | null;
  down: string | null;
  opaque?: string;
  opaqueLine?: number;
  transactional: boolean;
  repeatable: boolean;
  firstLine: number;
  /** Where the SQL is, when that is another file. */
  sqlFile?: string;
  /** The path that it is recorded under, when that is not its own. */
  logicalPath?: string;
  /** When it runs, as it says. */
  conditions: { dbms?: string; context?: string; labels?: string };
  /** What a change of it is known by. */
  content: string;
}

export type Entry = ChangeSet | { include: string; all: boolean; relative: boolean };

/** A changeset with the file that holds it, and the path that Liquibase records. */
export type Located = ChangeSet & { file: string; path: string };

/** A file that a changelog names. */
export type ReadFile = (path: string, relative: boolean) => { file: string; text: string };

/** What a changelog's text holds. */
export type Reader = (file: string, text: string, read: ReadFile) => Entry[];

const bare = (path: string) => path.replace(/^classpath\*?:\/?|^\.?\/+/, '').replace(/\/$/, '');

/** Folders in which Liquibase looks for a path: the project's own, and those that it is told of or that Java has. */
export class SearchPath {
  readonly #roots: string[];

  constructor(
    readonly project: Project,
    told: readonly string[],
  ) {
    const java = project.files.flatMap(
      (file) => /^(?:.*\/)?src\/main\/resources(?=\/)/.exec(file)?.[0] ?? [],
    );
    this.#roots = ['', ...new Set([...told.map((root) => posix.normalize(root)), ...java])];
  }

  /** The project's file of a path. */
  find(path: string): string | undefined {
    return this.#roots.map((root) => posix.join(root, bare(path))).find((file) => this.project.has(file));
  }

  /** The shortest path that finds a file: what Liquibase records. */
  pathOf(file: string): string {
    const roots = this.#roots.filter((root) => root === '' || file.startsWith(`${root}/`));
    return posix.relative(roots.sort((a, b) => b.length - a.length)[0]!, file);
  }

  /** The paths below a folder, in the order of their names, whichever root they are in. */
  below(folder: string): string[] {
    const within = `${bare(folder)}/`;
    const paths = this.project.files.map((file) => this.pathOf(file));
    return [...new Set(paths)].filter((path) => path.startsWith(within)).sort(inOrder);
  }
}

/** The changesets of a changelog and of everything it includes, in Liquibase's order. */
export function changeSets(
  search: SearchPath,
  path: string,
  reader: Reader,
  above: readonly string[] = [],
): Located[] {
  const file = search.find(path);
  if (file === undefined)
    throw new Error(
      `${above.at(-1) ?? 'liquibase.properties'} includes ${bare(path)}, which is not there; name the folder from which Liquibase runs`,
    );
  if (above.includes(file)) throw new Error(`${file} includes itself; mend the changelog`);
  const own = search.pathOf(file);
  const named = (other: string, relative: boolean) =>
    relative ? posix.join(folderOf(own), other) : bare(other);
  const read: ReadFile = (other, relative) => {
    const found = search.find(named(other, relative)) ?? search.find(posix.join(folderOf(own), other));
    if (found === undefined) throw new Error(`${file} names ${other}, which is not there; restore it`);
    return { file: found, text: search.project.read(found) };
  };
  return reader(file, search.project.read(file), read).flatMap((entry) => {
    if (!('include' in entry)) return [{ ...entry, file, path: entry.logicalPath ?? own }];
    const other = named(entry.include, entry.relative);
    const paths = entry.all ? search.below(other) : [other];
    return paths.flatMap((one) => changeSets(search, one, reader, [...above, file]));
  });
}
