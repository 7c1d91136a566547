import type { ToolName } from '../domain/migrations/types';
import { liquibase } from './liquibase';
import { mostTools } from './most-tools';
import type { Project } from './project';
import type { MigrationTool } from './tool';

export const migrationTools: Readonly<Record<ToolName, MigrationTool>> = { ...mostTools, liquibase };

/**
 * The tool of a project, known by its files; plain SQL only when there is no other sign. Throws when there is none or more
 * than one.
 */
export function detectTool(project: Project): MigrationTool {
  const { plain: last, ...known } = migrationTools;
  const found = Object.values(known).flatMap((tool) => {
    const file = tool.detect(project);
    return file === undefined ? [] : [{ tool, file }];
  });
  if (found.length > 1)
    throw new Error(
      `more than one migration tool: ${found.map(({ tool, file }) => `${tool.name} (${file})`).join(', ')}; say which with --tool`,
    );
  if (found[0]) return found[0].tool;
  if (last.detect(project) !== undefined) return last;
  throw new Error('no migrations found; name the folder of the project, or the tool with --tool');
}
