import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '../../local/service';
import { createServices, type WiringOptions } from '../../local/wiring';
import { manualClock } from './manual-clock';

/** The services of the local cloud, to be looked at: they have ended before anything has happened. */
export async function allServices(): Promise<readonly Service[]> {
  const workDir = mkdtempSync(join(tmpdir(), 'served-'));
  /** Of every part what a service asks for before anything happens. */
  const nothing = { repositories: new Map(), workDir, caFile: '' };
  const services: readonly Service[] = Object.values(
    createServices({
      clock: manualClock(),
      assembly: '',
      processes: nothing,
      certificates: nothing,
      containerImages: nothing,
      faults: nothing,
      environment: () => ({}),
      mayInvoke: () => {},
    } as unknown as WiringOptions),
  );
  await Promise.all(services.map((service) => service.close?.()));
  rmSync(workDir, { recursive: true, force: true });
  return services;
}

/** The operations that the local cloud serves, by service. */
export async function servedOperations(): Promise<ReadonlyMap<string, string[]>> {
  const services = await allServices();
  return new Map(services.map(({ signingName, operations }) => [signingName, Object.keys(operations)]));
}
