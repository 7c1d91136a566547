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
    results.find((result) => result.state === state && result.kind === kind && !result.error);
  const total = tasks.length * kindNames.length;
  const good = tasks.flatMap((state) =>
    kindNames.filter((kind) => of(state, kind)?.problems.length === 0),
  ).length;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# What every fault at every step comes to',
    '',
    'Written by `npm run faults -- --record build/faults.jsonl --write`: for every Task of the graph and every fault one',
    'deployment on the local cloud, under load. The story is the deployment that enters the Task, the fault befalls it there,',
    'at the boundary of the cloud, and the cell is the end that it came to. Afterwards this was asked of the world: the',
    'version that was said to serve answers all users (of a closed service that a person opens, the maintenance page does); no',
    'request was lost; the migrations that are applied and the tasks that run are what the end says; no migration runs any',
    'more; the lock is free, or its holder has told a person which commands remain; the password of the database stands in no',
    'history. Where the end is `DeploymentSucceeded`, the deployment went on as if nothing had been.',
    '`Stopped`: the execution held no lock yet, or had given it back to wait for a window, and nothing had changed.',
    '',
    `${good} of ${total} cases ended true.`,
    '',
    'An error `before` or `after` is one that the graph does not try again; a throttled step is refused as often as the graph',
    'tries.',
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
