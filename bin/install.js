// Runs before `npm start` and `npm test`, when nothing may be installed yet: plain JavaScript, no dependencies.
// With --with-tools also what only the tests need: compiler, linter and test runner, which are half of what there is to
// unpack, and the real migration tools, in a package of their own.
const { spawn } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');
const withTools = process.argv.includes('--with-tools');
const packages = [root, ...(withTools ? [join(root, 'test', 'tools')] : [])];

/** What is installed, from the record that npm leaves at the end of a complete install. */
function installed(folder) {
  try {
    return require(join(folder, 'node_modules', '.package-lock.json')).packages;
  } catch {
    return {};
  }
}

/** Installs what a folder's lock file names; this program ends as npm does. */
function install(folder) {
  // npm's own output goes to stderr: stdout belongs to --json
  const part = withTools ? [] : ['--omit=dev'];
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', ...part], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  npm.on('error', (error) => {
    console.error(`error: npm cannot be run: ${error.message}`);
    process.exitCode = 1;
  });
  npm.on('exit', (code) => {
    if (code !== 0) process.exitCode = code ?? 1;
  });
}

for (const folder of packages) {
  const present = installed(folder);
  const missing = Object.entries(require(join(folder, 'package-lock.json')).packages).filter(
    // optional packages are those of other platforms
    ([path, wanted]) =>
      path !== '' &&
      !wanted.optional &&
      (withTools || !wanted.dev) &&
      present[path]?.version !== wanted.version,
  );
  if (missing.length > 0) {
    console.error(`installing ${missing.length} packages (npm ci) ...`);
    install(folder);
  }
}
