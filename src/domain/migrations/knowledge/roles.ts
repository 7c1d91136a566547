import type { Catalog } from '../catalog';

/** PUBLIC, as whom rights are given to everybody. */
export const EVERYBODY = 'PUBLIC';

/** PostgreSQL asks a superuser for no rights. */
export const superuser = ({ roles }: Catalog, role: string): boolean =>
  roles?.get(role)?.powers.includes('superuser') === true;

/** For each role at work, but superusers, the roles whose rights it has, itself included; undefined where nobody has looked. */
export function workersOf(catalog: Catalog): string[][] | undefined {
  const { working, roles } = catalog;
  return working?.filter((role) => !superuser(catalog, role)).map((role) => roles?.get(role)?.has ?? [role]);
}

/** A session with the rights of the role is at work, or nobody has looked. */
export const worksAs = (catalog: Catalog, role: string): boolean =>
  workersOf(catalog)?.some((roles) => roles.includes(role)) ?? true;
