// Started and killed by processes.test.ts: a cloud with two children, one of which ignores the request to stop.
import { writeFileSync } from 'node:fs';
import { startProcesses } from '../../../local/processes';

async function main() {
  const processes = await startProcesses();
  const sleeper = 'setInterval(() => {}, 1000); console.log("up")';
  const children = [
    processes.spawn(process.execPath, ['-e', sleeper]),
    processes.spawn(process.execPath, ['-e', `process.on('SIGTERM', () => {}); ${sleeper}`]),
    // a child that has a child of its own
    processes.spawn('sh', ['-c', `"${process.execPath}" -e '${sleeper}' & echo "grandchild $!"; wait`]),
  ];
  const grandchild = await new Promise<number>((resolve) => {
    children[2]!.stdout!.on('data', (text) => {
      const found = /grandchild (\d+)/.exec(String(text));
      if (found) resolve(Number(found[1]));
    });
  });
  await Promise.all(
    children.slice(0, 2).map((child) => new Promise((resolve) => child.stdout!.once('data', resolve))),
  );
  writeFileSync(`${await processes.directory('data')}/file`, 'x');
  console.log(JSON.stringify({ pids: [...processes.pids(), grandchild], workDir: processes.workDir }));
}

main();
