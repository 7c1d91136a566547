import { parseArgs } from 'node:util';
import { askParser, exampleSettings, knownOf } from './parser';
import { type Complaint, complaintOf, requestOf } from './tally';

const USAGE = `usage: npm run bad-input -- [options]

Sends requests that must be rejected, and every tenth time an odd one that must not, and prints each that was not treated
as it should be. Exit code 1 when there was one.

  --count N   how many (10000)
  --seed N    where the numbers come from (the time)
  --only N    only the request of this number
  --help      this text`;

const SHOWN = 20;

function print({ number, why, problems, text, message }: Complaint): void {
  console.log(`${number} ${why}: ${problems.join('; ')}\n  ${text}\n  ${JSON.stringify(message)}`);
}

/** The first step of the graph in this process, with ports that only answer. */
async function parser(numbers: readonly number[], seed: number): Promise<Complaint[]> {
  const settings = exampleSettings();
  const known = knownOf(settings);
  const complaints: Complaint[] = [];
  for (const number of numbers) {
    const asked = requestOf(seed, number, known);
    const answer = await askParser(asked.text, settings, known);
    const complaint = complaintOf(number, asked, answer);
    if (complaint) complaints.push(complaint);
  }
  return complaints;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const seed = Number(values.seed);
  const numbers = values.only ? [Number(values.only)] : [...Array(Number(values.count)).keys()];
  const began = Date.now();
  const complaints = await parser(numbers, seed);
  complaints.slice(0, SHOWN).forEach(print);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(
    `parser: ${numbers.length} requests, seed ${seed}: ${complaints.length} complaints, ${seconds} s`,
  );
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

void main();
