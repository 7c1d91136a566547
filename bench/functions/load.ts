import { ask } from '../frame/ask';
import type { Build } from '../frame/build';
import { run } from '../frame/program';
import { atMostTimes, type Measurement, type Row } from '../frame/row';
import { type Deployed, functionsOf } from './assembly';

/** One that is waited for while users get errors, one that is asked again and again, and the one with a parser. */
const SHOWN = ['ReturnTraffic', 'ObserveGreen', 'AnalyseMigrations'] as const;

/**
 * With so much memory a function has one core, and with less as much less of one. Source: AWS Lambda Developer Guide,
 * "Configure Lambda function memory".
 */
const MB_OF_A_CORE = 1_769;

/** What Lambda's runtime does with a bundle before the first call of its handler. */
const load = (module: string) =>
  module.endsWith('.mjs')
    ? 'import(require("node:url").pathToFileURL(process.argv[1]))'
    : 'require(process.argv[1])';

interface Loaded {
  cpuMs: number;
  wallMs: number;
}

/** Loads a bundle in a new process, and starts one that loads nothing, so that Node.js's own start can be taken off. */
async function loaded({ module, folder }: Deployed): Promise<Loaded> {
  const bare = await run(process.execPath, ['-e', '0'], { cwd: folder });
  const whole = await run(process.execPath, ['-e', load(module), module], { cwd: folder });
  return { cpuMs: whole.cpuMs - bare.cpuMs, wallMs: whole.wallMs };
}

const ways = new Map<string, string[]>();

/** The states that a canary of this build enters, each once. */
async function wayOf(build: Build): Promise<string[]> {
  const way = ways.get(build.root) ?? (await ask<string[]>(build, 'functions/way.ts'));
  ways.set(build.root, way);
  return [...new Set(way)];
}

async function sample(build: Build): Promise<Record<string, number>> {
  const way = await wayOf(build);
  const figures: Record<string, number> = { canary: 0 };
  const functions = await functionsOf(build);
  const missing = SHOWN.filter((name) => !functions.some((one) => one.name === name));
  if (missing.length > 0) throw new Error(`${build.root} has no function of ${missing.join(', ')}`);
  for (const deployed of functions) {
    const { name, memoryMb } = deployed;
    const shown = SHOWN.some((one) => one === name);
    if (!shown && !way.includes(name)) continue;
    const { cpuMs, wallMs } = await loaded(deployed);
    if (shown) Object.assign(figures, { [`${name} cpu`]: cpuMs, [`${name} wall`]: wallMs });
    if (way.includes(name))
      figures.canary! += (cpuMs * MB_OF_A_CORE) / Math.min(memoryMb, MB_OF_A_CORE) / 1_000;
  }
  return figures;
}

const rowsOf = (name: string): Record<string, Row> => ({
  [`${name} cpu`]: {
    name: `${name} is loaded, CPU`,
    unit: 'ms',
    how: 'user and system time of a new Node.js process that loads the bundle which the synthesised template names, beyond those of one that loads nothing',
    wanted: [atMostTimes(0.35)],
  },
  [`${name} wall`]: {
    name: `${name} is loaded, wall`,
    unit: 'ms',
    how: 'from the start to the end of that process, with the start of Node.js itself',
  },
});

export const loads: Measurement = {
  rows: {
    ...Object.assign({}, ...SHOWN.map(rowsOf)),
    canary: {
      name: 'cold starts of a CANARY deployment, together',
      unit: 's',
      how: `computed, not measured on AWS: the CPU that loading costs here, of each function that a canary with migrations enters, once, times ${MB_OF_A_CORE.toLocaleString('en')} MB (what Lambda gives a whole core) by the function's memory; the way is the graph's own, executed on a virtual clock`,
      wanted: [atMostTimes(0.25)],
    },
  },
  sample,
  beside: 'earlier',
  runs: 7,
};
