import type { Catalog } from './catalog';
import { type Act, namesOf } from './names-in-statements';

/** A name that the database does not have, or that is taken; undefined where nobody has looked, and where all is well. */
export function wrongName(
  catalog: Catalog,
  act: Act,
): { form: 'Missing' | 'Taken'; name: string } | undefined {
  const { objects } = catalog;
  if (!objects) return undefined;
  const { needs = [], makes = [], drops = [], mayBeThere } = namesOf(catalog, act);
  const missing = needs.find((name) => name !== undefined && !objects.has(name) && isKnown(catalog, name));
  if (missing) return { form: 'Missing', name: missing };
  if (mayBeThere) return undefined;
  const taken = makes.find((name) => name !== undefined && objects.has(name) && !drops.includes(name));
  return taken === undefined ? undefined : { form: 'Taken', name: taken };
}

/** What belongs to a table or a type which is not there may belong to another one of its name in another schema. */
function isKnown({ tables, domains, objects }: Catalog, name: string): boolean {
  const bare = /^(?:type|statistics) [^.]*(\..*)$/.exec(name)?.[1];
  if (bare) return ![...objects!].some((other) => other.startsWith(name.slice(0, 5)) && other.endsWith(bare));
  const at = name.lastIndexOf(' of ');
  const owner = name.slice(at + ' of '.length);
  return at < 0 || tables.has(owner) || domains.has(owner) || objects!.has(`type ${owner}`);
}

/** Carries out what a statement does to the names. */
export function follow(catalog: Catalog, act: Act) {
  const { objects } = catalog;
  if (!objects) return;
  const { makes = [], drops = [] } = namesOf(catalog, act);
  for (const name of drops) if (name) objects.delete(name);
  for (const name of makes) if (name) objects.add(name);
  const [gone] = drops;
  if (!gone?.startsWith('type ')) return;
  const [made] = makes;
  if (made) moveObjects(catalog, gone.slice('type '.length), made.slice('type '.length));
  else forgetObjects(catalog, gone.slice('type '.length));
}

/** What belonged to a relation goes with it. */
export function forgetObjects({ objects }: Catalog, relation: string) {
  for (const name of objects ?? []) if (name.endsWith(` of ${relation}`)) objects!.delete(name);
}

/** What belongs to a relation is found by its new name. */
export function moveObjects({ objects }: Catalog, from: string, to: string) {
  for (const name of [...(objects ?? [])])
    if (name.endsWith(` of ${from}`)) {
      objects!.delete(name);
      objects!.add(`${name.slice(0, -from.length)}${to}`);
    }
}
