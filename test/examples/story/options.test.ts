import { storyNames } from '../../../examples/story/deployments';
import { readOptions } from '../../../examples/story/options';

describe('the command line', () => {
  it('has sensible defaults', () => {
    expect(readOptions([])).toEqual({ story: 'releases', once: false, json: false, rate: 1200, faults: [] });
    expect(readOptions(['--help'])).toBe('help');
  });

  it.each(storyNames)('plays %s alone', (story) =>
    expect(readOptions(['--story', story])).toMatchObject({ story }),
  );

  it('passes every fault on', () => {
    expect(readOptions(['--once', '--json', '--rate', '50', '--fault', 'a', '--fault', 'b'])).toEqual({
      story: 'releases',
      once: true,
      json: true,
      rate: 50,
      faults: ['a', 'b'],
    });
  });

  it.each([
    [['--rate', 'x']],
    [['--rate', '0']],
    [['--json']],
    [['--twice']],
    [['now']],
    [['--story', 'tragedy']],
  ])('refuses %j', (args) => {
    expect(readOptions(args)).toEqual({ problem: expect.any(String) });
  });
});
