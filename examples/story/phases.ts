import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where in a deployment a Task of the graph belongs: the folder of its file. The folders are read and not imported, so
 * that the story does not load every step to know their names.
 */
const FOLDERS = join(__dirname, '..', '..', 'lambdas');

const pascal = (file: string) =>
  file.replace(/\.ts$/, '').replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const phases = new Map(
  readdirSync(FOLDERS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(FOLDERS, name)).map((file) => [pascal(file), name] as const))
    // every deployment ends by it, whatever came before
    .filter(([state]) => state !== 'ReleaseLock'),
);

/** The phase of the newest Task of a path: questions, waits, ends and the lock's release belong to what they follow. */
export const phaseOf = (path: readonly string[]): string =>
  phases.get(path.findLast((state) => phases.has(state)) ?? '') ?? 'prepare';
