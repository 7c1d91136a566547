// Compiles the command line. Plain JavaScript, because it runs where nothing is compiled yet.
const { copyFileSync, existsSync } = require('node:fs');
const { join } = require('node:path');
const { buildSync } = require('esbuild');

/** Beside the sources: how they are compiled. */
const BESIDE = ['bin/compile-command-line.js', 'tsconfig.json'];

/** A program in parts, one for each `import()` and one for what several of them share, each to be loaded when it is needed. */
const bundle = (root, source, outdir) =>
  buildSync({
    absWorkingDir: root,
    entryPoints: [source],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // of a package's two builds the one whose unused parts can be told and left out
    mainFields: ['module', 'main'],
    // optional native driver of pg
    external: ['pg-native'],
    metafile: true,
    logLevel: 'silent',
  });

/** esbuild splits ES modules only, and to be ready for those takes Node.js a tenth of its start. */
const toCommonJs = (root, files, outdir) =>
  buildSync({
    absWorkingDir: root,
    entryPoints: files,
    outdir,
    allowOverwrite: true,
    format: 'cjs',
    // as ES modules are
    banner: { js: "'use strict';" },
    platform: 'node',
    // import() becomes a promise of require()
    supported: { 'dynamic-import': false },
    logLevel: 'silent',
  });

const PAGE = 'src/page';

/** The page that `watch --web` serves: a script, a style sheet, and what stands beside them. Returns the files it was made from. */
function compilePage(root, outdir) {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [
      { in: `${PAGE}/main.tsx`, out: 'page' },
      { in: `${PAGE}/page.css`, out: 'page' },
    ],
    outdir,
    bundle: true,
    minify: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: 'es2022',
    metafile: true,
    logLevel: 'silent',
  });
  const beside = ['index.html', 'icon.svg'];
  for (const name of beside) copyFileSync(join(root, PAGE, name), join(outdir, name));
  return [...Object.keys(metafile.inputs), ...beside.map((name) => `${PAGE}/${name}`)];
}

/** Compiles `source` into a folder and returns the files it was made from. Throws for sources with mistakes. */
function compile(root, source, outdir) {
  const { inputs, outputs } = bundle(root, source, outdir).metafile;
  toCommonJs(root, Object.keys(outputs), outdir);
  // a command line of another project has none
  const page = existsSync(join(root, PAGE)) ? compilePage(root, join(outdir, 'page')) : [];
  // PostgreSQL's parser loads its WebAssembly from beside itself
  copyFileSync(require.resolve('libpg-query/wasm/libpg-query.wasm'), join(outdir, 'libpg-query.wasm'));
  return [...Object.keys(inputs), ...page, ...BESIDE];
}

module.exports = { bundle, compile, compilePage };
