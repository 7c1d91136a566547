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
  transactional: boolean;
  repeatable: boolean;
  firstLine: number;
  /** Where the SQL is, when that is another file. */
  sqlFile?: string;
  /** What a change of it is known by. */
  content: string;
}

export type Entry = ChangeSet | { include: string; all?: boolean; relative: boolean };

/** A changeset with the file that holds it, as Liquibase records it. */
export type Located = ChangeSet & { file: string };

/** A file that a changelog names, found from the project's folder or from that of the changelog. */
export type ReadFile = (path: string) => { file: string; text: string };

export type Reader = (text: string, read: ReadFile) => Entry[];

/** The files that an entry stands for; Liquibase reads a folder in the order of its names, with what lies below. */
function included(project: Project, from: string, entry: Exclude<Entry, ChangeSet>): string[] {
  const path = entry.include.replace(/^classpath:\/?|^\.\//, '').replace(/\/$/, '');
  const full = entry.relative ? posix.join(folderOf(from), path) : posix.normalize(path);
  if (entry.all) return project.files.filter((file) => file.startsWith(`${full}/`)).sort(inOrder);
  if (!project.has(full))
    throw new Error(
      `${from} includes ${full}, which is not there; name the folder from which Liquibase runs`,
    );
  return [full];
}

/** The changesets of a changelog and of everything it includes, in Liquibase's order. */
export function changeSets(
  project: Project,
  file: string,
  readerOf: (file: string) => Reader,
  above: readonly string[] = [],
): Located[] {
  if (above.includes(file)) throw new Error(`${file} includes itself; mend the changelog`);
  const read: ReadFile = (path) => {
    const found = project.has(path) ? path : posix.join(folderOf(file), path);
    return { file: found, text: project.read(found) };
  };
  return readerOf(file)(project.read(file), read).flatMap((entry) =>
    'include' in entry
      ? included(project, file, entry).flatMap((other) =>
          changeSets(project, other, readerOf, [...above, file]),
        )
      : [{ ...entry, file }],
  );
}
