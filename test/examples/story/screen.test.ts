import { paint } from '../../../examples/story/ansi';
import { noCounts } from '../../../examples/story/counts';
import { STORIES } from '../../../examples/story/deployments';
import { elapsed, table, wrapPath } from '../../../examples/story/format';
import { liveLines, type Moment, plainLine } from '../../../examples/story/live';
import { createScreen } from '../../../examples/story/screen';
import { summaryLines } from '../../../examples/story/summary';
import { asExpected, served } from './told';

const moment: Moment = {
  chapter: STORIES.releases.chapters[1]!,
  phase: 'shift',
  state: 'ObserveGreen',
  comment: 'compares the error rates',
  shares: { blue: 90, green: 10, page: 0 },
  elapsedMs: 67_000,
  recent: { ...noCounts(), ok: 1180, appErrors: 20, versions: { v2: 1080, v3: 120 } },
  during: { ...noCounts(), ok: 9_000, appErrors: 41 },
};
const plain = paint(false);

describe('the telling', () => {
  it('shows phase, state, weights, rate and failures of the moment', () => {
    const text = liveLines(moment, plain).join('\n');
    for (const part of [
      'v3',
      '1:07',
      'shift › ObserveGreen',
      '90 : 10',
      '1,200 requests/s',
      'lost 0',
      'app errors 41',
      'v3 10 %',
    ])
      expect(text).toContain(part);
  });

  it('is one line per change in a file', () => {
    const written: string[] = [];
    const screen = createScreen({ write: (text) => written.push(String(text)) > 0 }, {});
    screen.show(moment);
    screen.show({ ...moment, elapsedMs: 68_000 });
    const shifted = { ...moment, shares: { blue: 100, green: 0, page: 0 } };
    screen.show(shifted);
    expect(written).toEqual([`${plainLine(moment)}\n`, `${plainLine(shifted)}\n`]);
  });

  it('says that a closed service is on the maintenance page, and on neither version', () => {
    const closed = { ...moment, shares: { blue: 0, green: 0, page: 100 } };
    expect(plainLine(closed)).toContain('maintenance page 100');
    expect(plainLine(closed)).not.toContain('green');
    expect(liveLines(closed, plain).join('\n')).toContain(`${'░'.repeat(24)} green  maintenance page 100`);
  });

  it('redraws its last lines at a terminal and never lets one wrap', () => {
    const written: string[] = [];
    const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
    const screen = createScreen({ write, isTTY: true, columns: 40 }, { NO_COLOR: '1' });
    screen.show(moment);
    const first = [...written];
    screen.show(moment);
    expect(first.every((line) => line.length <= 40)).toBe(true);
    expect(written.slice(first.length)).toEqual([`\x1b[${first.length}A\x1b[J`, ...first]);
  });

  it('uses colours at a terminal only, and honours NO_COLOR', () => {
    const terminal = { write: () => true, isTTY: true };
    expect(createScreen(terminal, {}).paint.red('x')).toBe('\x1b[31mx\x1b[39m');
    expect(createScreen(terminal, { NO_COLOR: '1' }).paint.red('x')).toBe('x');
    expect(createScreen({ write: () => true }, {}).paint.red('x')).toBe('x');
  });

  it('sums up with a table, the paths, the totals and the problems', () => {
    const text = summaryLines(asExpected, served, 1200, ['v3 lost 1 requests'], plain).join('\n');
    expect(text).toMatch(/v3 +RolledBack +10\.0 s +12,000 +0 +3 +700 +120 ms/);
    expect(text).toContain('✘ v3 lost 1 requests');
    expect(text).not.toContain('✔');
    expect(summaryLines(asExpected, served, 1200, [], plain).at(-1)).toContain('✔');
  });

  it('aligns tables and breaks paths at their arrows', () => {
    expect(
      table(
        [
          ['a', 'one'],
          ['bb', '2'],
        ],
        [1],
      ),
    ).toEqual(['a   one', 'bb    2']);
    expect(wrapPath(['First', 'Second', 'Third'], 16)).toEqual(['First → Second', '→ Third']);
    expect(elapsed(125_900)).toBe('2:05');
  });
});
