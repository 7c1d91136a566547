#!/usr/bin/env node
// Plain JavaScript, because npm puts this file on the path and Node.js runs it before anything can read TypeScript.
const { setFlagsFromString } = require('node:v8');
const { program } = require('./compiled.js');

// A command line has ended before it pays to optimise its code, least of all PostgreSQL's parser, which is WebAssembly with
// very large functions: that takes more time and memory than to check a thousand migrations.
// Source: V8's flag-definitions.h; the flags are there in Node.js 20 to 26.
setFlagsFromString('--no-opt --no-wasm-tier-up --no-wasm-dynamic-tiering');
// the SDK's advice about Node's version is for developers
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

function entry() {
  try {
    return program();
  } catch (error) {
    console.error(`error: ${error.message}`);
    return process.exit(1);
  }
}

/** Resolves when all that was printed is written: a pipe takes 64 KiB at once, and what is left would end with the process. */
const written = (stream) => new Promise((resolve) => stream.write('', resolve));

/** Whoever reads may have read enough, as `head` has: then it ends as programs do that get SIGPIPE, and says nothing. */
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});

async function run() {
  const code = await require(entry()).main(process.argv.slice(2));
  await Promise.all([process.stdout, process.stderr].map(written));
  process.exit(code);
}

run();
