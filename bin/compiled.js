// Runs whenever the command line is started: plain JavaScript, and little of it.
const { join } = require('node:path');
const { built, ROOT } = require('./built.js');

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

/** The program to run, compiled from the sources as they are now. Throws one error when there is none. */
function program() {
  try {
    const folder = built('cli', (outdir) =>
      require('./compile-command-line.js').compile(ROOT, source, outdir),
    );
    return join(folder, 'index.js');
  } catch (error) {
    throw new Error(`the command line cannot be compiled: ${explained(error)}`);
  }
}

module.exports = { program };
