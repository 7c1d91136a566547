import { invalidCombination, invalidValue } from './faults';
import type { Settings } from './records';

const LONGEST_RETENTION = 35;

/** Days that automatic backups are kept; 0 takes none, which a DB cluster cannot say. */
export function checkRetention(days: number, least = 0): void {
  if (Number.isInteger(days) && days >= least && days <= LONGEST_RETENTION) return;
  throw invalidValue(
    `Invalid backup retention period: ${days}. Must be in the range ${least} - ${LONGEST_RETENTION}`,
  );
}

/** RDS guide, "Quotas and constraints": 8 to 128 printable ASCII characters for PostgreSQL, but not these four. */
export function checkPassword(password: string): void {
  const problem = (reason: string) =>
    invalidValue(`The parameter MasterUserPassword is not a valid password${reason}`);
  if (password.length < 8) throw problem(' because it is shorter than 8 characters.');
  if (password.length > 128) throw problem(' because it is longer than 128 characters.');
  if (!/^[\x21-\x7e]+$/.test(password) || /[/@"]/.test(password)) {
    throw problem(`. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`);
  }
}

const ADVANCED_DAYS = 465;

/** RDS guide, "Turning on the Advanced mode of Database Insights": it wants Performance Insights, kept for 465 days. */
export function checkInsights({
  insightsMode,
  performanceInsights,
  performanceInsightsDays = 0,
}: Pick<Settings, 'insightsMode' | 'performanceInsights' | 'performanceInsightsDays'>): void {
  if (insightsMode !== 'advanced' || (performanceInsights && performanceInsightsDays >= ADVANCED_DAYS))
    return;
  throw invalidCombination(
    'To enable the Advanced mode of Database Insights, modify your instance to enable Performance Insights and set the retention period for Performance Insights to at least 465 days',
  );
}

/** RDS API reference, CreateDBInstance: enhanced monitoring needs a role that publishes it. */
export function checkMonitoring({
  monitoringSeconds,
  monitoringRole,
}: Pick<Settings, 'monitoringSeconds' | 'monitoringRole'>): void {
  if (monitoringSeconds === 0 || monitoringRole !== undefined) return;
  throw invalidCombination(
    'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
  );
}
