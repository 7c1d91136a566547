import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian's package and others put it; nothing is ever downloaded. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);

export const hasChromium = (): boolean => executablePath !== undefined;

/** Suites of a browser; skipped by name where none is installed. */
export const describeInChromium = (name: string, tests: () => void): void =>
  (hasChromium() ? describe : describe.skip)(name, tests);

/** It asks nobody for anything by itself, so that every request is the page's own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const startChromium = (): Promise<Browser> => chromium.launch({ executablePath, args: FLAGS });

/** A page that remembers what it asked for and what it complained of. */
export async function openPage(
  browser: Browser,
  { dark = false, width = 1300 }: { dark?: boolean; width?: number } = {},
) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, asked, complaints, close: () => context.close() };
}

const axe = require.resolve('axe-core/axe.min.js');

/** What axe-core has to say against a page, by rule and place; all of its rules. */
export async function violationsOf(page: Page): Promise<string[]> {
  const source = require('node:fs').readFileSync(axe, 'utf8') as string;
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      nodes: { target: string[]; failureSummary: string }[];
    }
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
  });
}

/** The folder of the page's files, made as the command line is: what is tested is what is shipped. */
export function madePage(): { files: string; remove: () => void } {
  const { ROOT } = require('../../bin/built.js') as { ROOT: string };
  const folder = mkdtempSync(join(tmpdir(), 'greenlight-page-'));
  const make = "require('./bin/compile-command-line.js').compilePage(process.cwd(), process.argv[1])";
  execFileSync(process.execPath, ['-e', make, folder], { cwd: ROOT });
  return { files: folder, remove: () => rmSync(folder, { recursive: true }) };
}
