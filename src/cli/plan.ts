import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Planned, plansOf } from '../domain/migrations/planned';
import type { Stage, StagedPlan } from '../domain/migrations/staged';
import type { ToolName } from '../domain/migrations/types';
import { openProject, type Project } from '../migrations/project';
import type { ChecklistOptions } from './checklist';
import { oneLine } from './findings';
import { filesOf } from './migration-files';
import { print, remark } from './print';
import { type ReleaseOptions, readProject, shownPath, toolNamed } from './release';
import { UsageError } from './usage-error';

interface PlanOptions extends ReleaseOptions, ChecklistOptions {
  /** Where to write files. */
  write?: string;
  /** The tool whose files to write. */
  as?: string;
  json?: true;
  checklist?: true;
}

/** What only a checklist takes. */
const FOR_A_CHECKLIST = ['tried', 'service', 'deployment'] as const;

const indented = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);

function stageText({ name, when, why, up, down, phase }: Stage): string {
  const sql = up === '' ? 'no SQL: only the application changes' : up;
  const back = down === null ? 'cannot be taken back' : down === '' ? 'nothing to take back' : down;
  const part = phase === 'contract' ? ' (contract part)' : '';
  const parts = [`${name}${part}: ${when}`, indented(why, '  '), indented(sql, '    ')];
  return [...parts, ...(up === '' ? [] : ['  back:', indented(back, '    ')])].join('\n');
}

function planText({ change, stages, missing, asks = [], notKept = [] }: StagedPlan): string {
  const releases = [...new Set(stages.map(({ release }) => release))];
  const parts = releases.map((release) => {
    const own = stages.filter((stage) => stage.release === release);
    return [`release ${release}`, ...own.map((stage) => indented(stageText(stage), '  '))].join('\n');
  });
  const open = missing.map((what) => `not known: ${what}; give --database or --tables`);
  const lost = notKept.map((what) => `not kept: ${what}`);
  return [change, ...open, ...asks, ...lost, ...parts].join('\n');
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
  const asks = plans.flatMap((plan) => plan.asks ?? []);
  if (asks.length > 0) throw new Error(`cannot write files: ${asks.join(' ')}`);
  for (const what of plans.flatMap((plan) => plan.notKept ?? [])) remark(`not kept: ${what}`);
  const stages = plans.flatMap((plan) => plan.stages);
  for (const { path, text } of filesOf(tool, stages, new Date(), project)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    remark(`wrote ${file}`);
  }
}

/** Throws UsageError for options that do not belong together. */
function refuseUnfit(options: PlanOptions): void {
  const { checklist, write: folder, as } = options;
  const lonely = FOR_A_CHECKLIST.find((name) => !checklist && options[name] !== undefined);
  if (lonely)
    throw new UsageError(`--${lonely} fills in a checklist; give --checklist as well, or leave it out`);
  if (checklist && (folder ?? as) !== undefined)
    throw new UsageError('expected --checklist or files to be written, received both');
}

/** What would stop a deployment, with its plans, and how many migrations were looked at. */
async function plannedOf(options: PlanOptions) {
  const { releases, root, tool } = await readProject(options);
  const planned: Planned[] = [];
  const known = { tool, unknownTablesAreNew: options.tables === 'new' };
  let migrations = 0;
  for (const release of releases) {
    migrations += release.migrations.length;
    planned.push(...(await plansOf(release, known)));
  }
  return { planned, migrations, root, tool };
}

export async function plan(options: PlanOptions): Promise<number> {
  const { json, write: folder, as, checklist, deployment } = options;
  refuseUnfit(options);
  if (checklist) {
    const { printChecklist } = await import('./checklist.ts');
    // of a deployment the journal knows what its migrations are
    if (deployment !== undefined) return printChecklist(options);
    const { planned, migrations, root } = await plannedOf(options);
    const stopping = planned.map(
      ({ finding }) => `${shownPath(root, finding.file)}:${finding.line}: ${finding.message}`,
    );
    return printChecklist(options, { migrations, stopping });
  }
  const written = as === undefined ? undefined : toolNamed(as).name;
  const { planned, root, tool } = await plannedOf(options);
  if (json) print(JSON.stringify(planned, null, 2));
  else for (const one of planned) printPlanned(root, one);
  if (!json && planned.length === 0) print('nothing to plan: no statement would stop a deployment');
  if (folder !== undefined)
    write(
      folder,
      written ?? tool,
      planned.flatMap(({ plans }) => plans),
      openProject(root),
    );
  return 0;
}
