// Runs before `npm start` and `npm test`, when nothing may be installed yet: plain JavaScript, no dependencies.
// With --with-tools also what only the tests need: the real migration tools, in a package of their own.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');
const packages = [root, ...(process.argv.includes('--with-tools') ? [join(root, 'test', 'tools')] : [])];

/** What is installed, from the record that npm leaves at the end of a complete install. */
function installed(folder) {
  try {
    return require(join(folder, 'node_modules', '.package-lock.json')).packages;
  } catch {
    return {};
  }
}

for (const folder of packages) {
  const present = installed(folder);
  const missing = Object.entries(require(join(folder, 'package-lock.json')).packages).filter(
    // optional packages are those of other platforms
    ([path, wanted]) => path !== '' && !wanted.optional && present[path]?.version !== wanted.version,
  );
  if (missing.length > 0) {
    console.error(`installing ${missing.length} packages (npm ci) ...`);
    // npm's own output goes to stderr: stdout belongs to --json
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 2, 2] });
  }
}
