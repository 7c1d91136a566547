// Runs before `npm start` and `npm test`, when nothing is installed yet: plain JavaScript without dependencies.
const { existsSync, readFileSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'node_modules', '.greenlight-lock');
const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('installing dependencies (npm ci) ...');
  // stdout stays clean for `--json`
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  require('node:fs').writeFileSync(stamp, lock);
}
