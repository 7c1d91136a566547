import type { Catalog } from '../catalog';

/** What is gone uses nothing any more. Users are told in PostgreSQL's words, "trigger a on table b". */
export function forgetUsers(catalog: Catalog, isGone: (user: string) => boolean) {
  for (const [name, routine] of catalog.routines) {
    if (routine.usedBy.length === 0) continue;
    const usedBy = routine.usedBy.filter((user) => !isGone(user));
    if (usedBy.length < routine.usedBy.length) catalog.routines.set(name, { ...routine, usedBy });
  }
  for (const [name, users] of catalog.typeUsers)
    catalog.typeUsers.set(
      name,
      users.filter((user) => !isGone(user)),
    );
}

/** Of a relation: its triggers, defaults, rules and what else is said to be on it or of it. */
export function forgetRelation(catalog: Catalog, key: string) {
  const bare = key.slice(key.indexOf('.') + 1);
  forgetUsers(catalog, (user) => [key, bare].some((name) => user.replaceAll('"', '').endsWith(` ${name}`)));
}
