// Runs before `npm start` and `npm test`, when nothing may be installed yet: plain JavaScript, no dependencies.
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** What is installed, from the record that npm leaves at the end of a complete install. */
function installed() {
  try {
    return require(join(root, 'node_modules', '.package-lock.json')).packages;
  } catch {
    return {};
  }
}

const present = installed();
const missing = Object.entries(require(join(root, 'package-lock.json')).packages).filter(
  // optional packages are those of other platforms
  ([path, wanted]) => path !== '' && !wanted.optional && present[path]?.version !== wanted.version,
);

if (missing.length > 0) {
  console.error(`installing ${missing.length} packages (npm ci) ...`);
  // npm's own output goes to stderr: stdout belongs to --json
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
}
