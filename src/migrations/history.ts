import { migrationTools } from '.';
import type { Session } from './tool';

/** Tools whose migrations a deployment applies and takes back. */
export type Tool = 'dbmate';

/** schema.name of the tool's own table, which is no part of the application's schema. */
export const historyTable = (tool: Tool) => `public.${migrationTools[tool].tables[0]}`;

/** Ids of the applied migrations in the tool's own order; none where its table does not exist yet. */
export async function readHistory(session: Session, tool: Tool): Promise<string[]> {
  const { applied } = await migrationTools[tool].history(session);
  return applied.map(({ id }) => id);
}
