import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const programs = Object.values(scripts).flatMap(
  (script) => /node (?:--\S+ )*bin\/run\.js (\S+\.ts)/.exec(script)?.[1] ?? [],
);

it('finds the programs of npm run', () => expect(programs).toContain('test/scenarios/grants.ts'));

// `bin/run.js` is the main module of each, so that a program which asks for that does nothing and ends well
it.each(programs)('%s tells by its own name whether it is run', (program) => {
  expect(readFileSync(join(root, program), 'utf8')).not.toContain('require.main');
});
