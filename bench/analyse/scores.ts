import type { Score } from '../../test/domain/migrations/histories/score';
import type { Row } from '../frame/row';

/** How well statements are told apart, in percent, and how many findings there are on each harmful one. */
export const scoresOf = ({ statements, harmful, found, falseAlarms, findings }: Score) => ({
  recall: (100 * found) / harmful,
  falseAlarms: (100 * falseAlarms) / (statements - harmful),
  findings: findings / harmful,
});

export const scoreRows = (on: string, how: string): Record<keyof ReturnType<typeof scoresOf>, Row> => ({
  recall: { name: `harmful statements that are found, ${on}`, unit: '%', how },
  falseAlarms: { name: `safe statements that are suspected, ${on}`, unit: '%', how },
  findings: { name: `findings per harmful statement, ${on}`, unit: '', how },
});
