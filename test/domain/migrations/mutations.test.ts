import { mutant, random, tryOut } from './mutations';

it('parses or reports 300 mutated files, each with a position inside it', async () => {
  const next = random(18);
  const outcomes = [];
  for (let i = 0; i < 300; i++) outcomes.push(await tryOut(mutant(next)));
  expect(outcomes.filter(({ complaint }) => complaint !== undefined)).toEqual([]);
});
