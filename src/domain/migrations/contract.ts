import type { Finding, Migration } from './types';

/** Runs once the previous version is gone. */
export const isContract = ({ phase }: Pick<Migration, 'phase'>) => phase === 'contract';

/** Stops only because the previous version would break, so its place is behind that version. */
export const onlyBreaksBefore = ({ stops, class: kind, harmsEveryVersion }: Finding): boolean =>
  stops && (kind === 'contract' || kind === 'irreversible') && !harmsEveryVersion;

/**
 * Findings as they count where their migrations run: behind the retired version nobody is left whom a contract migration
 * could break, so it stops only for what PostgreSQL refuses or what would make the new version wait for long.
 */
export function inTheirPhase<F extends Finding>(
  findings: readonly F[],
  migrations: readonly Pick<Migration, 'id' | 'phase'>[],
): F[] {
  const contract = new Set(migrations.filter(isContract).map(({ id }) => id));
  return findings.map((finding) =>
    contract.has(finding.migration) ? { ...finding, stops: finding.harmsEveryVersion } : finding,
  );
}
