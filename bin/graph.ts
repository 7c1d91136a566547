import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { definition, states } from '../statemachines';
import { layoutOf, widestPhase } from '../statemachines/drawing/layout';
import { drawingsOf } from '../statemachines/drawing/page';

const USAGE = `npm run graph [-- --write] [--expanded FILE]

Prints how large the graph is when it is drawn, as the console of Step Functions draws it.

  --write          makes docs/graph.md and its pictures
  --expanded FILE  writes the full definition in States Language; functions stand as \${Name}
`;

function main(): void {
  const { values } = parseArgs({
    options: { write: { type: 'boolean' }, expanded: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (values.expanded !== undefined)
    writeFileSync(values.expanded, `${JSON.stringify(definition, null, 2)}\n`);
  if (values.write)
    for (const [file, content] of Object.entries(drawingsOf(definition)))
      writeFileSync(join(__dirname, '..', 'docs', file), content);
  const [open, closed] = [layoutOf(definition, true), layoutOf(definition, false)];
  console.log(`phases closed: ${closed.boxes.length} states, ${closed.width} x ${closed.height} px`);
  console.log(
    `phases open: ${states.length} states, ${open.width} x ${open.height} px, widest phase ${widestPhase(open)} px`,
  );
}

main();
