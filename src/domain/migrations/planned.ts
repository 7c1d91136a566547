import { analyse } from './analyse';
import { type Catalog, copyOf } from './catalog';
import { inTheirPhase } from './contract';
import { parse } from './parse';
import { apply } from './schema';
import { forgetPath } from './search-path';
import { REST, type StagedPlan, stagedPlans } from './staged';
import type { AnalyseOptions, Finding, Migration } from './types';

/** Migrations that run together, and the database that they meet; an empty catalog where nothing is known of it. */
export interface Release {
  migrations: Migration[];
  catalog: Catalog;
}

/** A statement that would stop a deployment, and the releases that make its change otherwise. */
export interface Planned {
  /** What `analyse` says of the statement. */
  finding: Finding;
  /** Empty when there is no other way than the finding's own remedy. */
  plans: StagedPlan[];
}

/** Findings that stop, each with the plans that fit the database as the statement meets it. */
export async function plansOf({ migrations, catalog }: Release, options: AnalyseOptions): Promise<Planned[]> {
  const found = await analyse(migrations, catalog, options);
  const findings = inTheirPhase(found, migrations).filter(({ stops }) => stops);
  const meeting = copyOf(catalog);
  const planned: Planned[] = [];
  for (const migration of migrations) {
    const { file, up, firstLine } = migration;
    for (const statement of parse(up ?? '').statements) {
      const finding = findings.find(
        (one) =>
          one.file === file &&
          one.line === firstLine + statement.line - 1 &&
          one.column === statement.column &&
          statement.text.startsWith(one.statement),
      );
      if (finding) {
        // the finding's text is cut; a plan needs all of it
        const plans = stagedPlans({ statement: statement.text }, meeting);
        const goes = !finding.refused || (await restGoes(plans, migration, meeting));
        planned.push({ finding, plans: goes ? plans : [] });
      }
      apply(meeting, statement);
    }
    forgetPath(meeting);
  }
  return planned;
}

/** Whether PostgreSQL takes what plans leave as it was written: where it is what is refused, there is nothing to stage. */
async function restGoes(plans: StagedPlan[], migration: Migration, meeting: Catalog): Promise<boolean> {
  const left = plans.filter(({ change }) => change.startsWith(REST)).flatMap(({ stages }) => stages);
  const found = await Promise.all(left.map(({ up }) => analyse([{ ...migration, up }], meeting)));
  return !found.flat().some(({ refused }) => refused);
}
