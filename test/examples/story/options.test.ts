import { storyNames } from '../../../examples/story/deployments';
import { readOptions } from '../../../examples/story/options';

describe('the command line', () => {
  it('has sensible defaults', () => {
    expect(readOptions([])).toEqual({
      story: 'releases',
      once: false,
      json: false,
      rate: 1200,
      requests: 0,
      faults: [],
    });
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
      requests: 0,
      faults: ['a', 'b'],
    });
  });

  it('plays a story that ends where it began until so many requests were sent', () =>
    expect(readOptions(['--story', 'canary', '--requests', '5000'])).toMatchObject({ requests: 5000 }));

  it.each([
    [['--requests', '5000']],
    [['--story', 'recovery', '--requests', '5000']],
    [['--story', 'canary', '--requests', 'x']],
    [['--story', 'canary', '--requests', '-1']],
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
