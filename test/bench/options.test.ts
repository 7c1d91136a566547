import { readOptions } from '../../bench/frame/options';
import type { Bench } from '../../bench/frame/row';

const short: Bench = { about: 'short', measurements: [] };
const benches = { short, long: { ...short, onlyNamed: 'an hour' } };

it('leaves out what takes long unless it is named, and says so', () => {
  expect(readOptions([], benches)).toMatchObject({ names: ['short'], leftOut: ['long'] });
  expect(readOptions(['long'], benches)).toMatchObject({ names: ['long'], leftOut: [] });
});

it('takes the earlier build from a commit or from a folder', () => {
  expect(readOptions(['--earlier', 'HEAD~1'], benches)).toMatchObject({ earlier: { revision: 'HEAD~1' } });
  expect(readOptions(['--earlier-at', 'there'], benches)).toMatchObject({ earlier: { at: 'there' } });
});

it.each([[['fast']], [['--runs', '0']], [['--runs', 'x']], [['--fast']]])('refuses %j', (args) =>
  expect(() => readOptions(args, benches)).toThrow(),
);
