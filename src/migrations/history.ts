import type { Leftovers, ToolRules } from '../domain/migrations/pending';
import type { History, ToolName } from '../domain/migrations/types';
import { migrationTools } from '.';
import type { Session } from './tool';

/** The tool's own tables, which are no part of the application's schema. */
export const ownTables = (tool: ToolName) => migrationTools[tool].tables;

export const readHistory = (session: Session, tool: ToolName): Promise<History> =>
  migrationTools[tool].history(session);

/** What is applied and ended well, as far as the tool says. */
export const recordedIn = ({ applied, upTo = [] }: History) => ({
  applied: [...new Set([...applied.filter(({ unfinished }) => !unfinished).map(({ id }) => id), ...upTo])],
  upTo,
});

/** What a run that did not end well has left in the tool's own tables. */
export const leftoversOf = ({ applied, locked }: History): Leftovers => ({
  unfinished: applied.filter(({ unfinished }) => unfinished).map(({ id }) => id),
  locked: locked ?? null,
});

/** What the decision about pending migrations has to know of the tool. */
export const rulesOf = (tool: ToolName): ToolRules => migrationTools[tool];
