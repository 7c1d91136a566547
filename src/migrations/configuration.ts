import type { Project } from './project';

/** Names of files that configure a tool: reading every source of a project for one setting would take too long. */
const SOURCE =
  /(?:config|data-?source|database|db|knexfile|drizzle|kysely|orm|migrat|package)[^/]*\.(?:[cm]?[jt]s|json)$|(?:^|\/)\.(?:sequelizerc|gmrc)$/i;
const isMigration = (file: string) => /(?:^|\/)migrations?\//.test(file);

/**
 * What a setting of a configuration in code or JSON is set to, as far as it is written down: a quoted text, a number or a
 * word. The first file that has it counts; undefined where none does.
 * @param within where in a file, its first group
 */
export function configured(
  project: Project,
  setting: string,
  among: (file: string) => boolean = (file) => !isMigration(file),
  within = /([\s\S]*)/,
): string | undefined {
  const assigned = new RegExp(
    String.raw`(?<![\w$])["']?${setting}["']?\s*[:=]\s*(?:(["'\`])([^"'\`\n]+)\1|(\w+))`,
  );
  for (const file of project.files) {
    if (!SOURCE.test(file) || !among(file)) continue;
    const [, , quoted, word] = assigned.exec(within.exec(project.read(file))?.[1] ?? '') ?? [];
    if (quoted !== undefined || word !== undefined) return quoted ?? word;
  }
  return undefined;
}

/** The first group of a pattern in files whose names end so; by default the files of an environment. */
export function setting(project: Project, pattern: RegExp, ...ends: string[]): string | undefined {
  const among = ends.length > 0 ? ends : ['.env'];
  for (const file of project.files) {
    const found = among.some((end) => file.endsWith(end)) && pattern.exec(project.read(file))?.[1];
    if (found) return found;
  }
  return undefined;
}
