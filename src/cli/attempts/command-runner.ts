import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { revertCommand } from '../../domain/database/migration-task';
import type { Migration } from '../../domain/migrations/types';
import { isApart, partOf } from '../../migrations/part';
import type { Project } from '../../migrations/project';
import type { MigrationTool } from '../../migrations/tool';
import type { Ended, Run, Runner } from './runner';
import type { TryServer } from './server';
import { modulesAbove, workFolder } from './work-folder';

/** Of what a tool prints, the end says why it failed. */
const MOST_PRINTED = 100_000;

export interface CommandOptions {
  root: string;
  project: Project;
  tool: MigrationTool;
  /** Those of a release behind all that stood before. */
  migrations: readonly Migration[];
  /** The project where the release began, and the files that have changed since; absent where each migration is a release. */
  before?: { project: Project; changed: ReadonlySet<string>; count: number };
  /** Shell commands instead of the tool's own. */
  command?: string;
  revertCommand?: string;
}

/** What is run: a line for a shell, or a program with its arguments. */
type Command = string | readonly string[];

const filesAs = (
  files: readonly string[],
  text: (file: string) => string | null,
): [string, string | null][] => files.map((file) => [file, text(file)]);

/** Runs the user's own tool in a copy of the project. */
export function commandRunner(server: TryServer, options: CommandOptions): Runner {
  const { root, project, tool, migrations, before } = options;
  const work = workFolder(root, project);
  const path = [...modulesAbove(root).map((folder) => join(folder, '.bin')), process.env.PATH].join(
    delimiter,
  );
  const running = new Set<ChildProcess>();

  const shown = (count: number) => new Set(migrations.slice(0, count).map(({ id }) => id));
  const part = (count: number) => partOf(project, tool, migrations, shown(count));

  /** The files that are not as the project has them. */
  function filesAt(count: number): Map<string, string | null> {
    if (before && count === before.count)
      return new Map(
        filesAs([...before.changed], (file) => (before.project.has(file) ? before.project.read(file) : null)),
      );
    const { without, instead } = part(count);
    return new Map([...filesAs(without, () => null), ...Object.entries(instead)]);
  }

  function start(database: string, command: Command): { child: ChildProcess; ended: Promise<Ended> } {
    const [program, args, shell] =
      typeof command === 'string' ? [command, [], true] : [command[0]!, command.slice(1), false];
    const child = spawn(program, args, {
      cwd: work.path,
      env: { ...process.env, PATH: path, ...server.environment(database) },
      // a group of its own, so that all that it starts ends with it
      detached: true,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-MOST_PRINTED);
      });
    const ended = new Promise<Ended>((resolve) => {
      child.once('error', (error) => resolve({ ok: false, output: error.message }));
      child.once('close', (code, signal) => {
        running.delete(child);
        resolve({
          ok: code === 0,
          output: stripVTControlCharacters(output) || `it ended with ${signal ?? code}`,
        });
      });
    });
    return { child, ended };
  }

  const killGroup = ({ pid }: ChildProcess) => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };

  /** Commands one behind the other, to the first that fails. */
  function run(database: string, count: number, commands: readonly Command[]): Run {
    if (count > 0 || before) work.show(filesAt(count));
    let child: ChildProcess | undefined;
    let killed = false;
    async function each(): Promise<Ended> {
      let last: Ended = { ok: true, output: '' };
      for (const command of commands) {
        if (killed || !last.ok) break;
        const one = start(database, command);
        child = one.child;
        last = await one.ended;
      }
      return last;
    }
    const ended = each();
    return {
      ended,
      async kill() {
        killed = true;
        if (child) killGroup(child);
        await ended;
      },
    };
  }

  return {
    isApart: (count) =>
      count === migrations.length ||
      count === before?.count ||
      isApart(project, tool, part(count), shown(count)),
    up: async (database, count) =>
      run(database, count, [options.command ?? tool.apply(migrations.slice(0, count))]),
    async down(database, newestFirst, keep, count) {
      const own = options.revertCommand;
      if (own === undefined) {
        if (options.command !== undefined) return { cannot: 'no command takes it back: --revert-command' };
        const revert = tool.revert(newestFirst, keep);
        return 'cannot' in revert ? revert : run(database, count, revert.commands);
      }
      if (keep === null && (own.includes('{keep}') || !/\{(count|oldest)\}/.test(own)))
        return { cannot: 'nothing is before it that --revert-command could go back to' };
      const ids = newestFirst.map(({ id }) => id);
      return run(database, count, [revertCommand([own], keep ?? '', ids).join(' ')]);
    },
    async end() {
      for (const child of running) killGroup(child);
      work.remove();
    },
  };
}
