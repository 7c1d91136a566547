// What is made from the sources, once for each state of them. Plain JavaScript, because it runs before anything can read
// TypeScript.
const { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } =
  require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
/** What stands for all packages: npm's record of what is installed. */
const PACKAGES = 'node_modules/.package-lock.json';
/** A program that began before a build may still load parts of the one before. */
const KEPT_MS = 86_400_000;

/** Files are not read for this, which would take longer than most commands. */
function stateOf(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  return found === undefined ? 'absent' : `${found.mtimeMs} ${found.size}`;
}

/**
 * The state of each of these files, and of what is installed in place of every package's.
 * @param {string[]} paths relative to the root
 * @returns {Record<string, string>}
 */
function statesOf(paths, root = ROOT) {
  const own = paths.filter((path) => !path.includes('node_modules/'));
  return Object.fromEntries([...new Set([PACKAGES, ...own])].map((path) => [path, stateOf(root, path)]));
}

/** @param {Record<string, string>} states */
const unchanged = (states, root = ROOT) =>
  Object.entries(states).every(([path, state]) => stateOf(root, path) === state);

/** The latest build: its folder, and the state of each file that it was made from; undefined for none. */
function latest(place) {
  try {
    return JSON.parse(readFileSync(join(place, 'latest.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function forget(place, kept) {
  for (const name of readdirSync(place)) {
    const age = Date.now() - (statSync(join(place, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (name !== kept && age > KEPT_MS) rmSync(join(place, name), { recursive: true, force: true });
  }
}

/**
 * The folder `build/<name>/…` of what `make` makes from the sources as they are now.
 * `make(folder)` fills a new folder and returns the paths that it read, relative to the project's root. Two processes may
 * make the same at once: each fills a folder of its own, and the later one is kept.
 * @param {string} name
 * @param {(folder: string) => string[]} make
 * @returns {string}
 */
function built(name, make, root = ROOT) {
  const place = join(root, 'build', name);
  const known = latest(place);
  if (known && unchanged(known.inputs, root)) return join(place, known.folder);
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(join(place, 'made-'));
  try {
    const record = { folder: folder.slice(place.length + 1), inputs: statesOf(make(folder), root) };
    writeFileSync(join(folder, 'latest.json'), JSON.stringify(record));
    renameSync(join(folder, 'latest.json'), join(place, 'latest.json'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  forget(place, folder.slice(place.length + 1));
  return folder;
}

/**
 * The files that the latest build of this name was made from; none when there is no build.
 * @param {string} name
 * @returns {string[]}
 */
const inputsOf = (name, root = ROOT) => Object.keys(latest(join(root, 'build', name))?.inputs ?? {});

module.exports = { ROOT, built, inputsOf, statesOf, unchanged };
