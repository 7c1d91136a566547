import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The project's folder: above this file, which is a source or was compiled from it. */
function rootOf(folder: string): string {
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, 'package.json')) ? folder : rootOf(above);
}
export const ROOT = rootOf(__dirname);

/** Whether the local cloud's sources are beside ours. */
export const isCheckout = () => existsSync(join(ROOT, 'local', 'main.ts'));

/**
 * What Node.js has to be given to run a program of the local cloud, which is a package of its own: in a checkout its source.
 * Throws where the package is not installed in the project of `here`.
 */
export function localProgram(name: 'main' | 'database', here: string): string[] {
  if (isCheckout()) return [join(ROOT, 'bin', 'run.js'), join(ROOT, 'local', `${name}.ts`)];
  try {
    return [createRequire(join(here, 'package.json')).resolve(`greenlight-local/dist/${name}.js`)];
  } catch {
    throw new Error(
      `${here}: the package greenlight-local is not installed; npm install --save-dev greenlight-local`,
    );
  }
}
