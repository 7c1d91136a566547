import { availableParallelism, cpus } from 'node:os';
import { run } from './program';
import { spreadOf } from './result';

/** Where figures were measured. */
export interface Machine {
  cores: number;
  cpu: string;
  node: string;
  platform: string;
  /** Milliseconds that a loop of 3e8 additions takes: how fast the machine was just then. */
  calibrationMs: number;
}

const ADDITIONS = `
const began = performance.now();
let sum = 0;
for (let i = 0; i < 3e8; i++) sum += i;
if (sum > 0) console.log(performance.now() - began);`;
const TIMES = 3;

export async function machine(): Promise<Machine> {
  const took: number[] = [];
  for (let i = 0; i < TIMES; i++)
    took.push(Number((await run(process.execPath, ['-e', ADDITIONS], { cwd: __dirname })).stdout));
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    calibrationMs: Math.round(spreadOf(took)!.median),
  };
}
