import { type Definition, statesOf } from '../expand';
import { layoutOf, widestPhase } from './layout';
import { svgOf } from './svg';

const KINDS: Record<string, string> = { Parallel: 'phase', Succeed: 'end', Fail: 'bad end' };

/** Everything that is drawn of a machine, by its file in `docs/`. */
export function drawingsOf(machine: Definition): Record<string, string> {
  const [open, closed] = [layoutOf(machine, true), layoutOf(machine, false)];
  const placed = statesOf(machine);
  const phases = placed.filter(({ state }) => state.Branches);
  const row = ({ name, state }: (typeof placed)[number]) =>
    `| \`${name}\` | ${KINDS[state.Type] ?? state.Type.toLowerCase()} | ${state.Comment ?? ''} |`;
  const table = (rows: typeof placed) => ['| state | | |', '|--|--|--|', ...rows.map(row)].join('\n');
  const page = `# The graph

What the Step Functions console shows of a deployment. \`npm run graph -- --write\` makes this page and its pictures from
\`statemachines/deployment.asl.json\`; \`npm run graph -- --expanded FILE\` writes the full definition, for Workflow Studio
and for reviews.

A phase is one box: inside it its states, on it the one place that says where its errors lead (dashed), out of it its
result. Closed, ${closed.boxes.length} states on ${closed.width} × ${closed.height} px:

![the phases](graph-phases.svg)

Open, all ${placed.length} states on ${open.width} × ${open.height} px, no phase wider than ${widestPhase(open)}: [graph.svg](graph.svg). In a browser
each state says its sentence where the pointer rests.

## The story

${table(placed.filter(({ phase }) => phase === undefined))}
${phases
  .map(
    ({ name, state }) =>
      `\n## ${name}\n\n${state.Comment ?? ''}\n\n${table(placed.filter(({ phase }) => phase === name))}\n`,
  )
  .join('')}`;
  return {
    'graph.md': page,
    'graph.svg': svgOf('All states of a deployment', open),
    'graph-phases.svg': svgOf('The phases of a deployment', closed),
  };
}
