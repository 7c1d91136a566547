#!/usr/bin/env node
// node bin/run.js FILE.ts [arguments]: runs a TypeScript program of the project, compiled when its sources have changed.
// A loader that compiles while it loads reads every file of every package as well: for the local cloud that is a second.
const { execFileSync } = require('node:child_process');
const { join, relative, resolve } = require('node:path');
const { built, ROOT } = require('./built.js');

const [file = '', ...rest] = process.argv.slice(2);
const entry = relative(ROOT, resolve(file));

/** In a process of its own: the compiler's plugins are asynchronous. */
const compile = (outdir) =>
  JSON.parse(
    execFileSync(process.execPath, [join(__dirname, 'compile-program.mjs'), ROOT, entry, outdir], {
      encoding: 'utf8',
    }),
  );

function program() {
  try {
    return join(built(join('programs', entry.replace(/\.ts$/, '')), compile), 'index.js');
  } catch (error) {
    // the compiler has said what is wrong
    if (error.status === undefined) console.error(`error: ${file} cannot be compiled: ${error.message}`);
    return process.exit(1);
  }
}

const compiled = program();
process.argv = [process.argv[0], resolve(file), ...rest];
process.setSourceMapsEnabled(true);
require(compiled);
