import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

export function removeScratch(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/** A new empty folder, removed when this program ends. */
export function fresh(name: string): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), 'greenlight-bench-'));
    process.once('exit', removeScratch);
  }
  return mkdtempSync(join(folder, `${name}-`));
}
