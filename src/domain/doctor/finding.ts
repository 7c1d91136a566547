/** Something of a service, or of its workflow, that stands in the way of a deployment. */
export interface Finding {
  /** Which part it is about: `traffic`, `tasks`, `database`, … */
  about: string;
  /**
   * `stops`: the next deployment would be refused, or fail. `risks`: it would go on, and something that it or its rollback may
   * need is missing. `unseen`: it could not be looked at, so nobody knows.
   */
  weight: 'stops' | 'risks' | 'unseen';
  /** What is so, and how to mend it. */
  says: string;
}

/** How findings about one part are made. */
export const about = (part: string) => ({
  stops: (says: string): Finding => ({ about: part, weight: 'stops', says }),
  risks: (says: string): Finding => ({ about: part, weight: 'risks', says }),
});

const WEIGHTS: Finding['weight'][] = ['stops', 'unseen', 'risks'];

/** The gravest first; those of one weight as they were found. */
export const byWeight = (findings: readonly Finding[]): Finding[] =>
  WEIGHTS.flatMap((weight) => findings.filter((finding) => finding.weight === weight));
