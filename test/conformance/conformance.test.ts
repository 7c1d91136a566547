import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { misjudged, type RecordedPattern } from './event-patterns';
import { localCloud } from './interpreter';
import { readLines } from './recording';
import { score } from './score';

const folder = resolve(__dirname, '../../../shared/conformance');
const EXECUTIONS = resolve(folder, 'asl-sample.jsonl.gz');
const PATTERNS = resolve(folder, 'event-patterns-sample.jsonl.gz');
const REQUIRED_RATIO = 0.99;

/** Recordings lie beside a checkout, not in it; without them the suites of local/ still decide. */
const suiteOf = (file: string) => (existsSync(file) ? describe : describe.skip);

suiteOf(EXECUTIONS)('the interpreter against recorded executions', () => {
  it('passes at least 99 % of the tests, without a crash or a hang', async () => {
    const { tests, crashes, hangs, replays } = await score(readLines(EXECUTIONS), localCloud);
    const failed = replays.filter(({ differences }) => differences.length > 0);
    const detail = failed.map(({ recording, differences }) => `${recording.id}: ${differences.join('; ')}`);
    expect({ crashes, hangs }).toEqual({ crashes: 0, hangs: 0 });
    expect({ passed: tests.passed / tests.total >= REQUIRED_RATIO, detail }).toEqual({
      passed: true,
      detail,
    });
  });
});

suiteOf(PATTERNS)('event patterns against recorded answers', () => {
  it('are matched, not matched and refused as they were recorded', () => {
    const patterns = readLines<RecordedPattern>(PATTERNS);
    expect(patterns.length).toBeGreaterThan(0);
    expect(misjudged(patterns)).toEqual([]);
  });
});
