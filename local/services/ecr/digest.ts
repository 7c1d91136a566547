import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files below a folder, "/"-separated, in code unit order; installed packages are not part of it. */
function filesOf(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesOf(folder, path) : [path];
    })
    .sort();
}

/** The same on every machine for the same content: neither times, nor modes, nor where the folder is, count. */
export function folderDigest(folder: string): string {
  const hash = createHash('sha256');
  for (const path of filesOf(folder)) {
    const file = join(folder, path);
    const content = lstatSync(file).isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** `sha256:…` of an image: its files and how it is started. */
export function imageDigest(filesDigest: string, started: object): string {
  return `sha256:${createHash('sha256').update(filesDigest).update(JSON.stringify(started)).digest('hex')}`;
}
