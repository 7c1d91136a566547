import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../frame/program';
import { fresh } from '../frame/scratch';

/** Certificates that a machine adds are read whenever Node.js starts, which can take longer than all that is measured. */
const NO_EXTRA_CERTIFICATES = { NODE_EXTRA_CA_CERTS: '' };

/** Runs a program of Node.js to its end: seconds of the processor, and MiB that were resident at most. */
export async function usageOf(args: readonly string[], code: number): Promise<{ cpu: number; peak: number }> {
  const file = join(fresh('peak'), 'peak');
  const { cpuMs } = await run(process.execPath, args, {
    cwd: '/',
    env: { ...NO_EXTRA_CERTIFICATES, NODE_OPTIONS: `--require ${join(__dirname, 'peak.cjs')}`, PEAK: file },
    // one that ends otherwise has done something else
    answers: [code],
  });
  return { cpu: cpuMs / 1_000, peak: Number(readFileSync(file, 'utf8')) };
}
