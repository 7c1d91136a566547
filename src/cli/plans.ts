import { analyse } from '../domain/migrations/analyse';
import { copyOf } from '../domain/migrations/catalog';
import { inTheirPhase } from '../domain/migrations/contract';
import { parse } from '../domain/migrations/parse';
import { apply } from '../domain/migrations/schema';
import { type StagedPlan, stagedPlans } from '../domain/migrations/staged';
import type { Finding } from '../domain/migrations/types';
import type { Release } from './pending';

/** A statement that would stop a deployment, and the releases that make its change otherwise. */
export interface Planned {
  finding: Finding;
  /** Empty when there is no other way than the finding's own remedy. */
  plans: StagedPlan[];
}

/** Findings that stop, each with the plans that fit the database as the statement meets it. */
export async function plansOf(
  { migrations, catalog }: Release,
  unknownTablesAreNew: boolean,
): Promise<Planned[]> {
  const found = await analyse(migrations, catalog, { unknownTablesAreNew });
  const findings = inTheirPhase(found, migrations).filter(({ stops }) => stops);
  const meeting = copyOf(catalog);
  return migrations.flatMap(({ file, up, firstLine }) => {
    const planned: Planned[] = [];
    for (const statement of parse(up ?? '').statements) {
      const finding = findings.find(
        (one) =>
          one.file === file &&
          one.line === firstLine + statement.line - 1 &&
          one.column === statement.column &&
          statement.text.startsWith(one.statement),
      );
      // the finding's text is cut; a plan needs all of it
      if (finding) planned.push({ finding, plans: stagedPlans({ statement: statement.text }, meeting) });
      apply(meeting, statement);
    }
    return planned;
  });
}
