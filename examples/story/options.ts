import { parseArgs } from 'node:util';
import { STORIES, type Story, type StoryName, storyNames } from './deployments';

const repeating = storyNames.filter((name) => (STORIES[name] as Story).repeats);

export const USAGE = `usage: npm start -- [options]

Deploys versions of a shop to a cloud on this machine, under load, and tells what happens.

  --story NAME   which deployments (releases), see below
  --once         end after the last deployment; the exit code is 0 when everything went as it should
  --json         with --once: print one JSON document on stdout, progress on stderr
  --rate N       requests per second of the users (default 1200)
  --requests N   play the story again until the users have sent N requests (${repeating.join(', ')})
  --fault FAULT  a fault of the local cloud, see docs/local-cloud.md; may be given more than once
  --consistency WHEN
                 aws: reads lag behind writes as on AWS, see docs/local-cloud.md (at-once)
  --help         print this

stories
${storyNames.map((name) => `  ${name.padEnd(13)}${STORIES[name].about}`).join('\n')}`;

export interface Options {
  story: StoryName;
  once: boolean;
  json: boolean;
  /** Requests per second. */
  rate: number;
  /** The story is played again until the users have sent so many; 0 is once. */
  requests: number;
  faults: string[];
  /** As the local cloud's own option takes it. */
  consistency?: string;
}

const DEFAULT_RATE = 1200;

/** Reads the command line, or says what is wrong with it. */
export function readOptions(args: readonly string[]): Options | 'help' | { problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        story: { type: 'string', default: 'releases' },
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        rate: { type: 'string', default: String(DEFAULT_RATE) },
        requests: { type: 'string', default: '0' },
        fault: { type: 'string', multiple: true, default: [] },
        consistency: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const story = storyNames.find((name) => name === values.story);
    if (!story) return { problem: `--story is one of ${storyNames.join(', ')}, received "${values.story}"` };
    const rate = Number(values.rate);
    if (!(rate >= 1 && rate <= 20_000))
      return { problem: `--rate is requests per second from 1 to 20000, received "${values.rate}"` };
    const requests = Number(values.requests);
    if (!(Number.isInteger(requests) && requests >= 0))
      return { problem: `--requests is a whole number, received "${values.requests}"` };
    if (requests > 0 && !repeating.includes(story))
      return { problem: `--requests plays ${repeating.join(', ')} again, received --story ${story}` };
    if (values.json && !values.once) return { problem: '--json needs an end; add --once' };
    const { once, json, fault: faults, consistency } = values;
    return { story, once, json, rate, requests, faults, consistency };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
