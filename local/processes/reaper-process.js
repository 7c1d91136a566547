// Outlives the local cloud by a moment: when the pipe from it ends, for whatever reason (kill -9 included), what it
// left running is stopped and what it left on disk is removed. Plain JavaScript without dependencies, so that it
// starts in milliseconds and never needs a loader.
const { existsSync, readFileSync, rmSync } = require('node:fs');

/** After the stop signal, what is left of a process group is killed. */
const GRACE_MS = 3_000;
const KILL_MS = 2_000;
const POLL_MS = 20;

/** Stop signal by process group. */
const groups = new Map();
const directories = new Set();

const registration = {
  group: (id, signal) => groups.set(Number(id), signal),
  gone: (id) => groups.delete(Number(id)),
  directory: (...words) => directories.add(words.join(' ')),
  removed: (...words) => directories.delete(words.join(' ')),
};

function signalGroup(id, signal) {
  try {
    process.kill(-id, signal);
    return true;
  } catch {
    return false;
  }
}

/** An orphan whose new parent never collects it stays a zombie, which still answers kill(0). */
function zombie(id) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${id}/stat`, 'latin1'));
  } catch {
    return existsSync('/proc/self/stat');
  }
}

const running = (id) => signalGroup(id, 0) && !zombie(id);

async function untilGone(ms) {
  const end = Date.now() + ms;
  while (Date.now() < end && [...groups.keys()].some(running)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function reap() {
  for (const [id, signal] of groups) signalGroup(id, signal);
  await untilGone(GRACE_MS);
  for (const id of groups.keys()) signalGroup(id, 'SIGKILL');
  await untilGone(KILL_MS);
  for (const path of directories)
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

let buffered = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  const lines = (buffered + text).split('\n');
  buffered = lines.pop();
  for (const line of lines) {
    const [word, ...rest] = line.split(' ');
    registration[word]?.(...rest);
  }
});
process.stdin.on('end', reap);
process.stdin.on('error', reap);
// the terminal's Ctrl-C and hang-up concern the cloud; the pipe tells this process when its turn comes
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});
