// Runs whenever the command line is started: plain JavaScript, and little of it.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { built, builtBefore, ROOT } = require('./built.js');

const source = join(ROOT, 'src', 'cli', 'index.ts');
const build = join(ROOT, 'build', 'cli');

/** What went wrong in one line, and what to do about it. */
function explained(error) {
  const [mistake] = error.errors ?? [];
  if (mistake?.location) {
    const { file, line, column } = mistake.location;
    return `${file}:${line}:${column + 1}: ${mistake.text}`;
  }
  if (error.code === 'MODULE_NOT_FOUND') return `${error.message.split('\n')[0]}; npm ci installs it`;
  return `${error.message}; it is written to ${build}, which must be a folder that can be written`;
}

function compiled() {
  try {
    return built('cli', (outdir) => require('./compile-command-line.js').compile(ROOT, source, outdir));
  } catch (error) {
    throw new Error(`the command line cannot be compiled: ${explained(error)}`);
  }
}

/**
 * The program to run: in a checkout compiled from the sources as they are now, in an installed package as it came. Throws
 * one error when there is none.
 */
function program() {
  const folder = existsSync(source) ? compiled() : builtBefore('cli');
  if (folder !== undefined) return join(folder, 'index.js');
  throw new Error(
    `there is no compiled command line in ${build}, and no source of one; install greenlight again`,
  );
}

module.exports = { program };
