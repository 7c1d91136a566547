import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beside, phases } from '../../lambdas';
import graph from '../../statemachines/deployment.asl.json';

const root = join(__dirname, '..', '..');
const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
const tasks = Object.entries(graph.States)
  .filter(([, state]) => state.Type === 'Task')
  .map(([name]) => name);
const contents = Object.entries(phases).flatMap(([phase, steps]) =>
  steps.map(({ name }) => ({ phase, name })),
);

it('lists every Task of the graph in the table of contents, and nothing else', () => {
  expect(contents.map(({ name }) => name).sort()).toEqual([...tasks].sort());
});

it('keeps the table of contents in the order in which the graph draws the Tasks', () => {
  expect(contents.map(({ name }) => name)).toEqual(tasks);
});

it('has one file per Task, in the folder of its phase, named as the state', () => {
  const files = Object.keys(phases).flatMap((phase) =>
    readdirSync(join(root, 'lambdas', phase)).map((file) => `${phase}/${file}`),
  );
  expect(files.sort()).toEqual(contents.map(({ phase, name }) => `${phase}/${kebab(name)}.ts`).sort());
});

it('has one file per function beside the graph, and no state of that name', () => {
  expect(readdirSync(join(root, 'lambdas', 'beside')).sort()).toEqual(
    beside.map(({ name }) => `${kebab(name)}.ts`).sort(),
  );
  for (const { name } of beside) expect(Object.keys(graph.States)).not.toContain(name);
});

it('binds each Task to the function of its own name', () => {
  for (const [name, state] of Object.entries(graph.States))
    if ('Resource' in state)
      expect([
        name,
        'FunctionName' in state.Arguments ? state.Arguments.FunctionName : state.Resource,
      ]).toEqual([name, `\${${name}}`]);
});

it('defines each step under its state name', () => {
  for (const { phase, name } of contents)
    expect(readFileSync(join(root, 'lambdas', phase, `${kebab(name)}.ts`), 'utf8')).toContain(
      `name: '${name}'`,
    );
});
