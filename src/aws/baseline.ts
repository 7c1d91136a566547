import type { Observation } from '../domain/validation';
import type { Touched } from '../domain/validation/touched';
import type { Claims } from './journal';

/** What was filed of the database before its migrations: by InspectDatabase, and by AnalyseMigrations what they touch. */
export interface Baseline {
  before: Observation;
  touched: Touched;
}

export async function baselineOf(claims: Claims, deployment: string): Promise<Baseline> {
  const [before, touched] = await Promise.all([
    claims.claimed(deployment, 'before'),
    claims.claimed(deployment, 'touched'),
  ]);
  return { before: { ...before, rows: touched?.rows }, touched: touched ?? { tables: [] } };
}
