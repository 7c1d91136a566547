import { kindNames, kinds, tasks } from './cases';
import type { Result } from './record';

/** What stands in a cell: where a true case ended. */
function cell(result: Result | undefined): string {
  if (!result) return 'not played';
  return result.problems.length > 0 ? `**${result.problems.join('; ')}**` : result.outcome;
}

/** docs/faults.md: every Task of the graph and every fault, and the end that each came to. */
export function faultsPage(results: readonly Result[]): string {
  const of = (state: string, kind: string) =>
    results.find((result) => result.state === state && result.kind === kind);
  const total = tasks.length * kindNames.length;
  const good = tasks.flatMap((state) =>
    kindNames.filter((kind) => of(state, kind)?.problems.length === 0),
  ).length;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# What every fault at every step comes to',
    '',
    'Written by `npm run faults -- --record build/faults.jsonl --write`: for every Task of the graph and every fault one deployment on the local',
    'cloud, under load. The story is the deployment that enters the Task; the fault befalls it there, at the boundary of',
    'the cloud; the cell is the end that it came to, with all invariants of the workflow true of the world afterwards:',
    'one version serves all users, no request was lost, no migration runs, the lock is free or a person has been told which',
    'commands remain, no secret stands in a history.',
    '',
    `${good} of ${total} cases ended true.`,
    '',
    ...kindNames.map((kind) => `- **${kind}**: ${kinds[kind]}`),
    '',
    row(['Task', 'story', ...kindNames]),
    row(['---', '---', ...kindNames.map(() => '---')]),
    ...tasks.map((state) =>
      row([
        `\`${state}\``,
        results.find((result) => result.state === state)?.story ?? '',
        ...kindNames.map((kind) => cell(of(state, kind))),
      ]),
    ),
    '',
  ].join('\n');
}
