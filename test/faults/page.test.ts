import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindNames, tasks } from './cases';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'faults.md'), 'utf8');
const ends = [
  'DeploymentSucceeded',
  'RolledBack',
  'DeploymentRejected',
  'PlanReported',
  'NeedsOperator',
  'Stopped',
];

it('tells of every Task of the graph to which end every fault came', () => {
  const rows = new Map(
    page
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, task = '', , ...cells]) => [task.replaceAll('`', ''), cells.slice(0, kindNames.length)]),
  );
  expect([...rows.keys()]).toEqual(tasks);
  for (const [task, cells] of rows) {
    expect([task, cells.length]).toEqual([task, kindNames.length]);
    expect([task, cells.filter((end) => !ends.includes(end))]).toEqual([task, []]);
  }
});

it('counts what it tells', () => {
  const all = tasks.length * kindNames.length;
  expect(page).toContain(`${all} of ${all} cases ended true.`);
});
