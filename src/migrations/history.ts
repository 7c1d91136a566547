import type { Leftovers, ToolRules } from '../domain/migrations/pending';
import type { History, ToolName } from '../domain/migrations/types';
import { liquibaseHistory } from './liquibase/history';
import { mostTools } from './most-tools';
import type { MigrationTool, Session } from './tool';

/** Each tool as a deployment knows it, which reads no project. */
const recorders: Readonly<Record<ToolName, Omit<MigrationTool, 'detect' | 'list'>>> = {
  ...mostTools,
  liquibase: liquibaseHistory,
};

/** The tool's own tables, which are no part of the application's schema. */
export const ownTables = (tool: ToolName) => recorders[tool].tables;

export const readHistory = (session: Session, tool: ToolName): Promise<History> =>
  recorders[tool].history(session);

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
export const rulesOf = (tool: ToolName): ToolRules => recorders[tool];
