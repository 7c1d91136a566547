import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { phases } from '../../lambdas';
import graph from '../../statemachines/deployment.asl.json';
import { diagram } from '../../statemachines/diagram';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

it('shows the graph as it is in the README; npm run graph -- --write puts it there', () => {
  expect(readme).toContain(diagram({ phases, states: graph.States }));
});

it('leads past Choices and Waits to what follows, and draws no loop of a poll', () => {
  const states = {
    Start: { Type: 'Task', Next: 'Ready?' },
    'Ready?': { Type: 'Choice', Choices: [{ Next: 'Pause' }], Default: 'End' },
    Pause: { Type: 'Wait', Next: 'Start' },
    End: { Type: 'Succeed' },
  };
  expect(diagram({ phases: { only: [{ name: 'Start' }] }, states })).toBe(
    ['flowchart TD', '  subgraph only', '    Start', '  end', '  End([End])', '  Start --> End'].join('\n'),
  );
});
