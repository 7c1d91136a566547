// What is made from the sources, once for each state of them. Runs at every start of the command line: plain JavaScript, and
// only what is needed to tell that nothing has changed.
const { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } =
  require('node:fs');
const { basename, join } = require('node:path');

const ROOT = join(__dirname, '..');
/** What stands for all packages: what is wanted, and npm's record of what is installed. */
const PACKAGES = ['package-lock.json', 'node_modules/.package-lock.json'];
/** A program that began before a build may still load parts of the one before. */
const KEPT_MS = 86_400_000;

/**
 * The state that a file is in: comparing contents would take longer than most commands. A file that was written at `until`
 * (milliseconds) or after it is in none that could be remembered.
 */
function stateOf(root, path, until = Number.POSITIVE_INFINITY) {
  // joined by hand: join() is long enough for Node.js to optimise it here, which takes longer than all the rest
  const { mtimeMs = 0, size = -1 } = statSync(`${root}/${path}`, { throwIfNoEntry: false }) ?? {};
  return mtimeMs < until ? `${mtimeMs} ${size}` : 'still changing';
}

/**
 * The states of these files and of what is installed, in place of the files of every package.
 * @param {string[]} paths relative to the root
 * @param {number} until when what they were used for was begun
 * @returns {Record<string, string>}
 */
function statesOf(paths, until, root = ROOT) {
  const own = paths.filter((path) => !path.includes('node_modules/'));
  return Object.fromEntries([...PACKAGES, ...own].map((path) => [path, stateOf(root, path, until)]));
}

/** @param {Record<string, string>} states */
const unchanged = (states, root = ROOT) =>
  Object.entries(states).every(([path, state]) => stateOf(root, path) === state);

/** The record of the latest build: its folder, and the state of each file that it was made from. Undefined for none. */
function latest(place) {
  try {
    return JSON.parse(readFileSync(join(place, 'latest.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Removes what no program of today can have begun with. */
function tidy(place, kept, now) {
  for (const { name } of readdirSync(place, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const { mtimeMs = now } = statSync(join(place, name), { throwIfNoEntry: false }) ?? {};
    if (name !== kept && now - mtimeMs > KEPT_MS) rmSync(join(place, name), { recursive: true, force: true });
  }
}

/**
 * The folder `build/<name>/…` of what `make` makes from the sources as they are now.
 * `make(folder)` fills a new folder and returns the paths that it read, relative to the project's root. The folder becomes
 * the latest by one rename, so that whoever makes or runs the same at the same time is not disturbed.
 * @param {string} name
 * @param {(folder: string) => string[]} make
 * @returns {string}
 */
function built(name, make, root = ROOT) {
  const place = join(root, 'build', name);
  const known = latest(place);
  if (known && unchanged(known.inputs, root)) return join(place, known.folder);
  const started = Date.now();
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(join(place, 'made-'));
  try {
    const record = { folder: basename(folder), inputs: statesOf(make(folder), started, root) };
    writeFileSync(join(folder, 'latest.json'), JSON.stringify(record));
    renameSync(join(folder, 'latest.json'), join(place, 'latest.json'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  tidy(place, basename(folder), started);
  return folder;
}

/**
 * The files that the latest build of this name was made from; none when there is no build.
 * @param {string} name
 * @returns {string[]}
 */
const inputsOf = (name, root = ROOT) => Object.keys(latest(join(root, 'build', name))?.inputs ?? {});

module.exports = { ROOT, built, inputsOf, statesOf, unchanged };
