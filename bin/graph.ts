import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phases } from '../lambdas';
import graph from '../statemachines/deployment.asl.json';
import { diagram } from '../statemachines/diagram';

/** Prints the graph as Mermaid; with `--write` it goes into the README. */
const drawn = diagram({ phases, states: graph.States });
if (process.argv.includes('--write')) {
  const file = join(__dirname, '..', 'README.md');
  const readme = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    readme.replace(/```mermaid\nflowchart TD\n[\s\S]*?\n```/, () => `\`\`\`mermaid\n${drawn}\n\`\`\``),
  );
} else console.log(drawn);
