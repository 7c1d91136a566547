import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Stage, StagedPlan } from '../domain/migrations/staged';
import { type ToolName, tools } from '../domain/migrations/types';
import { openProject, type Project } from '../migrations/project';
import { oneLine } from './findings';
import { filesOf } from './migration-files';
import { only, optionsOf } from './options';
import { type Planned, plansOf } from './plans';
import { print, remark } from './print';
import { readProject, shownPath } from './release';
import type { Verb } from './verb';

const USAGE = `usage: greenlight plan [path] [options]

For each change that would stop a deployment: the releases that make it without stopping anybody, with their SQL.

  path                 folder of the project, or one of its files (.)
  --tool TOOL          the migration tool, where its files do not tell
  --contract FOLDER    contract migrations, which run once the previous version is gone
  --database URL       plan what is pending there, by its own tables and their sizes
  --tables new|FILE    without a database: tables nobody has created are new, or the schema as SQL
  --since REF          only files changed since the git ref
  --write DIR          put the steps as files of the tool into DIR/release-1, DIR/release-2, ...
  --as TOOL            write files of this tool instead
  --json               a list of findings, each with its plans
  --help               this text`;

const OPTIONS = {
  tool: { type: 'string' },
  contract: { type: 'string' },
  database: { type: 'string' },
  tables: { type: 'string' },
  since: { type: 'string' },
  write: { type: 'string' },
  as: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) =>
  optionsOf('plan', args, OPTIONS, ({ values, positionals }) => {
    if (values.as !== undefined && !tools.includes(values.as as ToolName))
      throw new Error(`unknown tool ${JSON.stringify(values.as)}`);
    return { ...values, path: only(positionals) ?? '.' };
  });

const indented = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);

function stageText({ name, when, why, up, down, phase }: Stage): string {
  const sql = up === '' ? 'no SQL: only the application changes' : up;
  const back = down === null ? 'cannot be taken back' : down === '' ? 'nothing to take back' : down;
  const part = phase === 'contract' ? ' (contract part)' : '';
  const parts = [`${name}${part}: ${when}`, `  ${why}`, indented(sql, '    ')];
  return [...parts, ...(up === '' ? [] : ['  back:', indented(back, '    ')])].join('\n');
}

function planText({ change, stages, missing }: StagedPlan): string {
  const releases = [...new Set(stages.map(({ release }) => release))];
  const parts = releases.map((release) => {
    const own = stages.filter((stage) => stage.release === release);
    return [`release ${release}`, ...own.map((stage) => indented(stageText(stage), '  '))].join('\n');
  });
  const open = missing.map((what) => `not known: ${what}; give --database or --tables`);
  return [change, ...open, ...parts].join('\n');
}

function printPlanned(root: string, { finding, plans }: Planned): void {
  print(`${shownPath(root, finding.file)}:${finding.line}:${finding.column}  ${oneLine(finding.statement)}`);
  print(indented(finding.message, '  '));
  for (const plan of plans) print(indented(planText(plan), '  '));
  if (plans.length === 0)
    print(indented(`There is no staged plan for it. Instead:\n${finding.remedy}`, '  '));
  print('');
}

/** Writes all or nothing that could be overwritten: an existing file is never touched. */
function write(folder: string, tool: ToolName, plans: readonly StagedPlan[], project: Project): void {
  const missing = plans.flatMap((plan) => plan.missing);
  if (missing.length > 0)
    throw new Error(
      `cannot write files: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} unknown; pass --database or --tables`,
    );
  const stages = plans.flatMap((plan) => plan.stages);
  for (const { path, text } of filesOf(tool, stages, new Date(), project)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    remark(`wrote ${file}`);
  }
}

export const plan: Verb = {
  async run(args) {
    const { help, json, write: folder, as, ...options } = parse(args);
    if (help) {
      print(USAGE);
      return 0;
    }
    const { releases, root, tool } = await readProject(options);
    const planned: Planned[] = [];
    for (const release of releases) planned.push(...(await plansOf(release, options.tables === 'new')));
    if (json) print(JSON.stringify(planned, null, 2));
    else for (const one of planned) printPlanned(root, one);
    if (!json && planned.length === 0) print('nothing to plan: no statement would stop a deployment');
    if (folder !== undefined)
      write(
        folder,
        (as as ToolName | undefined) ?? tool,
        planned.flatMap(({ plans }) => plans),
        openProject(root),
      );
    return 0;
  },
};
