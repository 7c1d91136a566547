import type { ClientBase } from 'pg';
import { dbmate } from './dbmate';

/** What one migration tool leaves in the database. */
export interface HistoryReader {
  /** schema.name of the tool's own table, which is no part of the application's schema. */
  table: string;
  /** Ids of the applied migrations in the tool's own order; none where its table does not exist yet. */
  applied(client: ClientBase): Promise<string[]>;
}

const tools = { dbmate } satisfies Record<string, HistoryReader>;
export type Tool = keyof typeof tools;

export const historyTable = (tool: Tool) => tools[tool].table;

export const readHistory = (client: ClientBase, tool: Tool) => tools[tool].applied(client);
