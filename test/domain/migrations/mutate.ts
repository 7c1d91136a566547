import { mutant, random, tryOut } from './mutations';

/** node bin/run.js test/domain/migrations/mutate.ts [count] [seed]: prints every mutant that is a complaint. */
async function main(count = 10_000, seed = Date.now() % 1_000_000) {
  const next = random(seed);
  let complaints = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const { sql, complaint, ms } = await tryOut(mutant(next));
    slowest = Math.max(slowest, ms);
    if (complaint === undefined) continue;
    complaints++;
    console.log(`${complaint}\n${JSON.stringify(sql)}\n`);
  }
  console.log(`${count} files, seed ${seed}: ${complaints} complaints, slowest ${slowest.toFixed(0)} ms`);
  process.exitCode = complaints > 0 ? 1 : 0;
}

main(...process.argv.slice(2).map(Number));
