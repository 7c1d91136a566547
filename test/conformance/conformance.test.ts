import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readRecordings } from './recording';
import { score } from './score';

const FILE = resolve(__dirname, '../../../shared/conformance/asl-sample.jsonl.gz');
const REQUIRED_RATIO = 0.99;

/** Recorded executions lie beside a checkout, not in it; without them the States Language suites still decide. */
const suite = existsSync(FILE) ? describe : describe.skip;

suite('the interpreter against recorded executions', () => {
  it('passes at least 99 % of the tests, without a crash or a hang', async () => {
    const { tests, crashes, hangs, replays } = await score(readRecordings(FILE));
    const failed = replays.filter(({ differences }) => differences.length > 0);
    const detail = failed.map(({ recording, differences }) => `${recording.id}: ${differences.join('; ')}`);
    expect({ crashes, hangs }).toEqual({ crashes: 0, hangs: 0 });
    expect({ passed: tests.passed / tests.total >= REQUIRED_RATIO, detail }).toEqual({
      passed: true,
      detail,
    });
  });
});
