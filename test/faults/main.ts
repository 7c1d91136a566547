import { parseArgs } from 'node:util';
import { startWorld } from '../scenarios/world';
import { cases, kindNames } from './cases';
import { play, waysThrough, wayTo } from './play';

const USAGE = `usage: npm run faults -- [options]

Plays a deployment for every Task of the graph and every fault, and says where each one ended. Exit code 1 when an
invariant did not hold.

  --state S   only this Task (repeatable)
  --kind K    only this fault (repeatable): ${kindNames.join(' | ')}
  --part I/N  only every Nth case, from the Ith (1/1)
  --help      this text`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      state: { type: 'string', multiple: true },
      kind: { type: 'string', multiple: true },
      part: { type: 'string', default: '1/1' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const [part = 1, parts = 1] = values.part.split('/').map(Number);
  const chosen = cases
    .filter(
      ({ state, kind }) =>
        (values.state ?? [state]).includes(state) && (values.kind ?? [kind]).includes(kind),
    )
    .filter((_, index) => index % parts === part - 1);
  const world = await startWorld();
  let bad = 0;
  try {
    const ways = await waysThrough(world);
    for (const one of chosen) {
      const way = wayTo(ways, one.state);
      const played = way
        ? await play(world, one, way)
        : { story: 'none', outcome: 'none', problems: [`no story enters ${one.state}`] };
      if (played.problems.length > 0) bad++;
      console.log(
        [
          one.state,
          one.kind,
          played.story,
          played.outcome,
          ...played.problems.map((p) => `PROBLEM ${p}`),
        ].join(' | '),
      );
    }
  } finally {
    await world.close();
  }
  console.log(`${chosen.length - bad} of ${chosen.length} cases ended true`);
  process.exitCode = bad > 0 ? 1 : 0;
}

void main();
