#!/usr/bin/env bash
# esbuild 0.28.2 called by its JavaScript API takes a third more CPU than it needs where it makes many bundles, and none of it
# is in the CPU time of the program that called it.
#
# esbuild's command line switches Go's garbage collector off, for it ends after one build. `build()` talks to a service, the same
# program, which leaves it on: with 40 bundles in one call it collects again and again what it allocates. Go reads GOGC from the
# environment, so GOGC=off before the first build does what the command line does. The service is a child that its parent does
# not wait for when it ends, so getrusage(RUSAGE_CHILDREN), and with it bash's `time`, counts nothing of it.
#
# seen 2026-11-30, esbuild 0.28.2, @aws-sdk/client-s3 3.1169.0, Node.js 20.20.2, Linux:
#   CPU of the service with GOGC=off, of what it takes otherwise: 0.73 to 0.75
#   CPU of the service that `time` counts: none
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund esbuild@0.28.2 @aws-sdk/client-s3@3.1169.0 >/dev/null 2>&1
cat >many.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
await build({ entryPoints: Array.from({ length: 40 }, (_, n) => ({ in: `entry:${n}`, out: `${n}` })), outdir: 'out', bundle: true,
  minify: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], plugins: [{ name: 'entries', setup({ onResolve, onLoad }) {
    onResolve({ filter: /^entry:/ }, ({ path }) => ({ path, namespace: 'entry' }));
    onLoad({ filter: /./, namespace: 'entry' }, ({ path }) => ({ resolveDir: process.cwd(),
      contents: `import { S3Client } from '@aws-sdk/client-s3'; export const client = new S3Client({}), name = '${path}';` }));
  } }] });
const [service] = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ');
const [user, system] = readFileSync(`/proc/${service}/stat`, 'utf8').replace(/.*\) /, '').split(' ').slice(11, 13).map(Number);
const own = process.cpuUsage();
// ticks are hundredths of a second
console.log((user + system) * 10, Math.round((own.user + own.system) / 1000));
JS
TIMEFORMAT='%3U %3S'
exec 3>counted
run() { { time "$@" 2>/dev/null; } 2>&3; }
read -r collecting own < <(run node many.mjs)
read -r without _ < <(GOGC=off run node many.mjs)
counted=$(head -1 counted | awk '{ printf "%d", ($1 + $2) * 1000 }')
echo "service: $collecting ms of CPU, with GOGC=off $without ms; its caller $own ms, of both \`time\` counts $counted ms"
[ $((without * 100)) -le $((collecting * 90)) ] || { echo "changed: GOGC=off spares nothing"; exit 1; }
[ "$counted" -lt $((own + collecting / 2)) ] || { echo "changed: the service is waited for"; exit 1; }
