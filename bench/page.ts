import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, openPage, startChromium } from '../test/page/chromium';
import { startServed } from '../test/page/served';
import type { Build } from './frame/build';
import { endKept, keep } from './frame/program';
import { atMost, type Bench } from './frame/row';

/** Deployments in the list, of which each row is drawn. */
const LISTED = 1_000;
/** Requests a second. */
const RATE = 100;
/** As long as so many requests need to tell of green; the page shows the same states in a longer one. */
const SHORT = ['--canary-percent', '50', '--bake-seconds', '30'];
/** How often the page of a deployment is opened anew. */
const OPENED = 5;

/** Starts a program of the command line; resolves with the first line of standard output in which something is found. */
function started(root: string, args: string[], found: RegExp, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'bin/greenlight.js'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  keep(child);
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      const [line] = found.exec(printed) ?? [];
      if (line !== undefined) resolve(line);
    });
    child.once('exit', (code) => reject(new Error(`greenlight ${args[0]} ended with ${code}: ${printed}`)));
  });
}

const median = (values: readonly number[]) =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** Until a page that is asked for says how its deployment stands, in ms of its own clock. */
async function firstState(page: Page, address: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('.head .expected').waitFor();
  return page.evaluate(() => (globalThis as unknown as { stoodAt: number }).stoodAt);
}

/** Notes when the page first showed how the deployment stands, and each state of the pictures when it was first at work or done. */
const NOTE = `
  globalThis.seen = {};
  new MutationObserver(() => {
    if (globalThis.stoodAt === undefined && document.querySelector('.head .expected'))
      requestAnimationFrame(() => { globalThis.stoodAt ??= performance.now(); });
    for (const { textContent } of document.querySelectorAll('svg text')) {
      const [, name] = /^(\\S+) […✓]/.exec(textContent) ?? [];
      if (name) globalThis.seen[name] ??= Date.now();
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });`;

/** From an event's own time to the page, of each state that was entered while somebody looked. */
async function eventDelays(page: Page, execution: string, aws: { endpoint: string; region: string }) {
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: Record<string, number> }).seen);
  const client = new SFNClient({
    ...aws,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { events = [] } = await client.send(
    new GetExecutionHistoryCommand({
      executionArn: execution,
      includeExecutionData: false,
      maxResults: 1000,
    }),
  );
  const first = Math.min(...Object.values(seen));
  // a state that polls is entered again, and was seen when it was first
  const entered = new Map<string, number>();
  for (const { timestamp, stateEnteredEventDetails: state } of events)
    if (state?.name && timestamp && !entered.has(state.name)) entered.set(state.name, timestamp.getTime());
  return [...entered].flatMap(([name, at]) => {
    const shown = seen[name];
    return shown !== undefined && at > first ? [shown - at] : [];
  });
}

async function live(root: string, browser: Browser) {
  const printed = await started(root, ['local', '--json', '--load', String(RATE)], /^\{.*\}$/m);
  const { endpoint, region, resources } = JSON.parse(printed);
  const env = {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, GREENLIGHT_WORKFLOW: 'Shop' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  };
  const web = await started(root, ['watch', '--web', '--no-open', '--port', '0'], /http:\S+/, env);
  const { page } = await openPage(browser);
  await page.addInitScript(NOTE);
  const said = ['--service', 'shop', '--image', 'shop:v2', '--reason', 'a bench', '--name', 'benched'];
  const execution = await started(
    root,
    ['deploy', ...said, ...SHORT, '--yes', '--detach', '--json'],
    /arn:[^"]+/,
    env,
  );
  const address = `${web}#benched`;
  const firsts: number[] = [];
  for (let opened = 0; opened < OPENED; opened++) firsts.push(await firstState(page, address));
  await page.locator('.head.live').waitFor({ timeout: 300_000 });
  const delays = await eventDelays(page, execution, { endpoint, region });
  if (delays.length === 0) throw new Error(`the page showed none of the states of ${Object.keys(resources)}`);
  return { first: median(firsts), event: median(delays), latest: Math.max(...delays) };
}

/** Scrolls through a list of deployments, a screen every fourth frame; the longest frame and task meanwhile, in ms. */
async function list(browser: Browser) {
  const listed = Array.from({ length: LISTED }, (_, index) => {
    const deployment = `shop-v${index}`;
    const began = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
    const past = {
      deployment,
      began,
      outcome: 'DeploymentSucceeded',
      service: 'shop',
      image: `shop:v${index}`,
    };
    return [`deployment ${deployment}`, { ...past, seconds: 600, requestedBy: 'ann', reason: 'a bench' }];
  });
  const served = await startServed(Object.fromEntries(listed), {});
  const { page } = await openPage(browser);
  await page.goto(served.address);
  await page.getByRole('heading', { name: `Deployments: ${LISTED}` }).waitFor();
  const longest = await page.evaluate(async () => {
    const world = globalThis as unknown as {
      document: { documentElement: { scrollHeight: number } };
      innerHeight: number;
      scrollTo(x: number, y: number): void;
      requestAnimationFrame(next: (at: number) => void): void;
    };
    const frame = () => new Promise<number>((resolve) => world.requestAnimationFrame(resolve));
    let [longest, before] = [0, await frame()];
    for (let y = 0; y < world.document.documentElement.scrollHeight; y += world.innerHeight / 4) {
      world.scrollTo(0, y);
      const at = await frame();
      longest = Math.max(longest, at - before);
      before = at;
    }
    return longest;
  });
  served.close();
  return longest;
}

async function sample({ root }: Build) {
  const browser = await startChromium();
  try {
    const frame = await list(browser);
    return { ...(await live(root, browser)), frame };
  } finally {
    await browser.close();
    await endKept();
  }
}

const LIVE = 'of a deployment in `greenlight local`, in headless Chromium on the same machine';

export const page: Bench = {
  about: 'the live page: its first state, an event, a list of 1,000 deployments',
  measurements: [
    {
      rows: {
        first: {
          name: 'from asking for the page to its first state',
          unit: 'ms',
          how: `from the navigation to the frame that shows how it stands, the median of ${OPENED} navigations, ${LIVE}`,
          wanted: [atMost(300)],
        },
        event: {
          name: 'from an event to the page',
          unit: 'ms',
          how: `from the time of StateEntered in the history to the picture that shows it, the median of all states ${LIVE}`,
          wanted: [atMost(500)],
        },
        latest: {
          name: 'the latest event',
          unit: 'ms',
          how: `the longest of the same, ${LIVE}`,
        },
        frame: {
          name: 'longest frame in a list of 1,000 deployments',
          unit: 'ms',
          how: 'while it is scrolled from its beginning to its end, a quarter of a screen each frame, in headless Chromium',
          wanted: [atMost(100)],
        },
      },
      sample,
      runs: 1,
      missing: () => (hasChromium() ? undefined : 'Chromium is not installed; apt-get install chromium'),
    },
  ],
};
