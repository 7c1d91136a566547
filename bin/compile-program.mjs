// node compile-program.mjs ROOT ENTRY OUTDIR: one script of a program's own sources; packages are loaded from where they are
// installed. Writes the list of files that it read.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';

const [root, entry, outdir] = process.argv.slice(2);

/** A source finds its neighbours where it stands, not where the script is. On its first line, so that no other line moves. */
const places = {
  name: 'places',
  setup({ onLoad }) {
    onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
      const here = `const __dirname = ${JSON.stringify(dirname(path))}, __filename = ${JSON.stringify(path)};`;
      return { contents: `${here} ${readFileSync(path, 'utf8')}`, loader: path.endsWith('ts') ? 'ts' : 'js' };
    });
  },
};

/**
 * A client of AWS is loaded when something of it is first used: a synthesis uses none, and all of them take a sixth of its time.
 * A prototype does that, whose names are not copied to who imports it; so only `import()` can list what a client has.
 */
const clients = {
  name: 'clients',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/client-[^/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'client' } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: 'client' }, ({ path }) => ({
      contents: `const get = (_, name) => name === '__esModule' || require('${path}')[name];
        module.exports = Object.create(new Proxy({}, { get }));`,
    }));
  },
};

try {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    sourcemap: true,
    plugins: [places, clients],
    metafile: true,
    logLevel: 'error',
  });
  const read = Object.keys(metafile.inputs).filter((path) => !path.startsWith('client:'));
  process.stdout.write(JSON.stringify([...read, 'bin/compile-program.mjs']));
} catch {
  // reported by esbuild
  process.exitCode = 1;
}
