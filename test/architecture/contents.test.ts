import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { background, phases } from '../../lambdas';
import { states } from '../../statemachines';

const root = join(__dirname, '..', '..');
const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
const lower = (name = '') => name.toLowerCase();
const contents = Object.entries(phases).flatMap(([phase, steps]) =>
  steps.map(({ name }) => ({ phase, name })),
);

/** The Tasks of the graph: where each stands, and the step whose function it calls. */
const tasks = states
  .filter(({ state }) => state.Type === 'Task')
  .map(({ name, phase, state }) => ({
    name,
    phase: lower(phase),
    step: String(state.Arguments?.FunctionName ?? state.Resource).replace(/^\$\{(\w+)\}$/, '$1'),
  }));

/** Tasks that call another phase's step, because they want the same of it at another time. */
const again = {
  MoveOtherWorkers: 'MoveWorkers',
  RestartBlue: 'StartBlue',
  CheckRestart: 'CheckBlue',
  OpenService: 'ReturnTraffic',
  RestartWorkers: 'ReturnWorkers',
};

it('lists every Task of the graph in the table of contents, phase by phase, in the order in which it is drawn', () => {
  expect(contents).toEqual(
    tasks.filter(({ name }) => !(name in again)).map(({ phase, name }) => ({ phase, name })),
  );
});

it('has one folder per phase of the graph', () => {
  expect(Object.keys(phases)).toEqual(
    states.filter(({ state }) => state.Branches).map(({ name }) => lower(name)),
  );
});

it('has one file per step, in the folder of its phase, named as the state', () => {
  const files = Object.keys(phases).flatMap((phase) =>
    readdirSync(join(root, 'lambdas', phase)).map((file) => `${phase}/${file}`),
  );
  expect(files.sort()).toEqual(contents.map(({ phase, name }) => `${phase}/${kebab(name)}.ts`).sort());
});

it('has one file per function beside the graph, and no state of that name', () => {
  expect(readdirSync(join(root, 'lambdas', 'background')).sort()).toEqual(
    background.map(({ name }) => `${kebab(name)}.ts`).sort(),
  );
  for (const { name } of background) expect(states.map((one) => one.name)).not.toContain(name);
});

it('binds each Task to the function of its own name, or to the step that it calls again', () => {
  for (const { name, step } of tasks)
    expect([name, step]).toEqual([name, again[name as keyof typeof again] ?? name]);
});

it('defines each step under its state name', () => {
  for (const { phase, name } of contents)
    expect(readFileSync(join(root, 'lambdas', phase, `${kebab(name)}.ts`), 'utf8')).toContain(
      `name: '${name}'`,
    );
});

it('has one name for each state in all of the machine, as AWS wants it', () => {
  const names = states.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
