import type { Binaries } from '../../postgres/binaries';
import { invalidValue } from './faults';

/** The version to report. A major version other than the installed one is refused: it could not be real. */
export function engineVersion(wanted: unknown, { major, version }: Binaries): string {
  if (wanted === undefined || wanted === null) return version;
  const text = String(wanted);
  if (Number.parseInt(text, 10) !== major) {
    throw invalidValue(
      `Cannot find version ${text} for postgres; the local cloud has PostgreSQL ${version} (major version ${major})`,
    );
  }
  return text;
}

/** Throws for another engine than PostgreSQL's: of an instance, or of an Aurora DB cluster. */
export function requireEngine(engine: unknown, wanted: 'postgres' | 'aurora-postgresql') {
  if (engine !== wanted)
    throw invalidValue(`Invalid DB engine: ${engine}; the local cloud has ${wanted} only`);
}
