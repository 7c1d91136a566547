import * as suites from '../suites';
import { shareWorlds } from './world';

/** The suites of a group share one world, one after the other; each also runs alone, with a world of its own. */
export function together(group: keyof typeof suites.together): void {
  const end = shareWorlds();
  for (const suite of suites.together[group])
    describe(suite, () => {
      require(`./${suite}.test`);
    });
  afterAll(end);
  jest.setTimeout(240_000);
}
