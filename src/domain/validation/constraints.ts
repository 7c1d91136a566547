import { about, check, judgementOf, since } from './check';

export interface ConstraintsSeen {
  /** "orders_total_check on public.orders": NOT VALID, so old rows may break them. */
  notValid: string[];
}

/**
 * Adding a constraint NOT VALID and validating it later is how it is done beside traffic, so one that still waits is
 * worth a remark and no reason to roll back. Source: PostgreSQL documentation, ALTER TABLE.
 */
export const constraints = check<ConstraintsSeen>({
  from: 'standard',
  about: 'constraints that hold for every row',
  compare(before, after) {
    const { added, stayed } = since(before.notValid, after.notValid);
    return judgementOf(
      {
        warnings: [
          ...about(added, (names) => `${names} not yet validated; ALTER TABLE … VALIDATE CONSTRAINT …`),
          ...about(stayed, (names) => `${names} not validated since before`),
        ],
      },
      'every constraint is validated',
    );
  },
});
