import * as suites from '../suites';
import { shareWorlds, type WorldOptions } from './world';

/**
 * The suites share one world, one after the other; each also runs alone, with a world of its own.
 * @param place what the world is like, whatever a suite asks for
 */
export function inOneWorld(names: readonly string[], place?: WorldOptions): void {
  const end = shareWorlds(place);
  for (const suite of names)
    describe(suite, () => {
      require(`./${suite}.test`);
    });
  afterAll(end);
  jest.setTimeout(240_000);
}

export const together = (group: keyof typeof suites.together): void => inOneWorld(suites.together[group]);
