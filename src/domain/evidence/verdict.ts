/**
 * One piece of evidence about green. Silence is never a pass: who has seen too little is `undecided`.
 * Operators read `because`; the journal keeps `numbers`.
 */
export interface Evidence {
  verdict: 'healthy' | 'unhealthy' | 'undecided';
  /** Worth telling people, and no reason to roll back. */
  warning?: string;
  because: string;
  numbers: Record<string, unknown>;
}

/** What all the evidence together says. */
export interface GreenVerdict {
  verdict: Evidence['verdict'];
  /** The deciding pieces in words; all of them for a healthy green. */
  because: string;
  warnings: string[];
}

/** Any piece convicts, any undecided one holds, and only all of them together acquit. */
export function greenVerdict(pieces: readonly Evidence[]): GreenVerdict {
  const having = (wanted: Evidence['verdict']) => pieces.filter(({ verdict }) => verdict === wanted);
  const verdict =
    having('unhealthy').length > 0
      ? 'unhealthy'
      : having('undecided').length > 0 || pieces.length === 0
        ? 'undecided'
        : 'healthy';
  return {
    verdict,
    because: having(verdict)
      .map(({ because }) => because)
      .join('; '),
    warnings: pieces.flatMap(({ warning }) => warning ?? []),
  };
}
