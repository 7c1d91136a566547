import { analyse } from '../../src/domain/migrations/analyse';
import { fileOf, filesOf } from './release';

/** Prints the seconds that a build takes to judge its first statement, a small release and a large one. */
const FILES = { small: 300, large: 2_500 };

async function seconds(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function main(): Promise<void> {
  const took: Record<string, number> = {
    parser: await seconds(() => analyse([fileOf('SELECT 1', 0)], undefined)),
  };
  for (const [name, count] of Object.entries(FILES)) {
    const release = filesOf(count);
    took[name] = await seconds(() => analyse(release, undefined));
  }
  console.log(JSON.stringify(took));
}

void main();
