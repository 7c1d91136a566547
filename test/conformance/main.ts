import { rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isRecordedPattern, misjudged, type RecordedPattern } from './event-patterns';
import { localCloud } from './interpreter';
import { installPeer, PEER } from './peer';
import { type Recording, readLines } from './recording';
import { type Score, score, type Tally } from './score';

const USAGE = `usage: npm run conformance -- FILE.jsonl.gz [--json OUT] [--peer]
  --peer  scores ${PEER} as well, which npm installs into a temporary folder`;

const fraction = ({ passed, total }: Tally) =>
  `${passed} / ${total} (${((100 * passed) / Math.max(1, total)).toFixed(1)} %)`;

function report(result: Score): string {
  const folders = Object.entries(result.folders).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...folders.map(([folder, tests]) => `${folder.padEnd(24)} ${fraction(tests)}`),
    '',
    `tests passed             ${fraction(result.tests)}`,
    `executions               ${fraction(result.executions)}`,
    `state sequences          ${fraction(result.stateSequences)}`,
    `SUCCEEDED but wrong      ${result.succeededButWrong}`,
    `crashes                  ${result.crashes}`,
    `hangs                    ${result.hangs}`,
    ...result.replays
      .filter(({ differences }) => differences.length > 0)
      .map(({ recording, differences }) => `\n${recording.id}\n  ${differences.join('\n  ')}`),
  ].join('\n');
}

function reportPatterns(patterns: readonly RecordedPattern[]): void {
  const wrong = misjudged(patterns);
  const tally = { passed: patterns.length - wrong.length, total: patterns.length };
  console.log([`event patterns           ${fraction(tally)}`, ...wrong].join('\n'));
}

/** For each execution its end and the states it entered, as JSON. */
function details(result: Score): string {
  const executions = result.replays.map(({ recording, ending }) => ({
    id: recording.id,
    status: ending.status,
    output: ending.output,
    error: ending.error,
    states: ending.states,
  }));
  return JSON.stringify(executions, null, 1);
}

async function peersScore(recordings: readonly Recording[]): Promise<Score> {
  const { folder, peer } = installPeer();
  // where two branches fail it waits for the first; the second would end this process
  process.on('unhandledRejection', () => {});
  try {
    return await score(recordings, peer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' }, peer: { type: 'boolean' } },
  });
  const [file, ...others] = positionals;
  if (!file || others.length > 0) throw new Error(USAGE);
  const lines = readLines<Recording | RecordedPattern>(file);
  const patterns = lines.filter(isRecordedPattern);
  if (patterns.length > 0) reportPatterns(patterns);
  const recordings = lines.filter((line): line is Recording => !isRecordedPattern(line));
  if (recordings.length > 0) {
    const result = await score(recordings, localCloud);
    console.log(report(result));
    if (values.peer) console.log(`\n${PEER}\n${report(await peersScore(recordings))}`);
    if (values.json) writeFileSync(values.json, details(result));
  }
  // Immediates and timers of an execution that hung would keep the process alive.
  process.exit(0);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
