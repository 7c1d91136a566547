import { join } from 'node:path';
import { installed, SQUAWK } from './analyse/squawk';
import { writePrismaProject } from './cli/prisma-project';
import { usageOf } from './cli/usage';
import type { Build } from './frame/build';
import { run } from './frame/program';
import { atMost, atMostTimes, type Bench, type Measurement } from './frame/row';
import { fresh } from './frame/scratch';

const MIGRATIONS = 820;

let project: { folder: string; files: string[] } | undefined;

/** A history as long as the longest of public repositories, of Prisma's kind, made for this. */
function history(): { folder: string; files: string[] } {
  if (project) return project;
  const folder = fresh('history');
  project = { folder, files: writePrismaProject(folder, MIGRATIONS) };
  return project;
}

const measured = (
  name: string,
  args: (build: Build) => string[],
  code: number,
  wanted: { cpuTimes: number; cpu: number; peak: number },
): Measurement => ({
  rows: {
    cpu: {
      name: `greenlight ${name}, CPU`,
      unit: 's',
      how: 'user and system time of the whole process',
      wanted: [atMostTimes(wanted.cpuTimes), atMost(wanted.cpu)],
    },
    peak: {
      name: `greenlight ${name}, memory`,
      unit: 'MiB',
      how: 'what was resident at most',
      wanted: [atMost(wanted.peak)],
    },
  },
  sample: (build) => usageOf([join(build.root, 'bin', 'greenlight.js'), ...args(build)], code),
  beside: 'earlier',
});

const beside: Measurement = {
  rows: {
    cpu: {
      name: `greenlight check of ${MIGRATIONS} files, CPU, beside squawk`,
      unit: 's',
      how: 'user and system time of the whole process, on the same files',
      wanted: [atMostTimes(5)],
    },
  },
  sample: async ({ root }) => {
    const { cpu } = await usageOf([join(root, 'bin', 'greenlight.js'), 'check', history().folder], 1);
    return { cpu };
  },
  beside: {
    ...installed,
    // like ours it ends with 1, because it finds something
    sample: async () => ({
      cpu: (await run(SQUAWK, history().files, { cwd: '/', answers: [1] })).cpuMs / 1_000,
    }),
  },
};

export const cli: Bench = {
  about: 'the command line, as whole processes',
  measurements: [
    measured('--help', () => ['--help'], 0, { cpuTimes: 0.094, cpu: 0.15, peak: 60 }),
    measured('check of one file', ({ root }) => ['check', join(root, 'examples/shop/db/v6')], 1, {
      ...{ cpuTimes: 0.146, cpu: 0.35, peak: 100 },
    }),
    measured(`check of ${MIGRATIONS} files`, () => ['check', history().folder], 1, {
      ...{ cpuTimes: 0.218, cpu: 1.2, peak: 120 },
    }),
    beside,
  ],
};
