import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeInChromium, openPage, startChromium, violationsOf } from '../page/chromium';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

const PROGRAM = join(__dirname, '../../bin/greenlight.js');

describeInChromium('a deployment on its page', () => {
  let world: World;
  let browser: Browser;
  let server: ChildProcess;
  let address: string;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;

  /** `greenlight watch --web` as somebody types it; resolves with the address that it prints. */
  async function serve(...args: string[]): Promise<string> {
    server = spawn(
      process.execPath,
      [PROGRAM, 'watch', '--web', '--workflow', 'Shop', '--no-open', ...args],
      {
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: world.cloud.endpoint,
          AWS_REGION: world.cloud.region,
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          USER: 'ann',
        },
      },
    );
    let [printed, problems] = ['', ''];
    server.stderr!.setEncoding('utf8').on('data', (part) => {
      problems += part;
    });
    // read to the end: a program whose reader leaves ends with 141
    return new Promise((resolve, reject) => {
      server.stdout!.setEncoding('utf8').on('data', (part) => {
        printed += part;
        const [, found] = /^the page of Shop is at (http:\S+)$/m.exec(printed) ?? [];
        if (found) resolve(found);
      });
      server.once('exit', (code) => reject(new Error(`it ended with ${code}: ${problems}`)));
    });
  }
  /** Ctrl-C; resolves with its exit code. */
  const interrupt = () =>
    new Promise<number | null>((resolve) => {
      if (server.exitCode !== null) resolve(server.exitCode);
      server.once('exit', resolve);
      server.kill('SIGINT');
    });

  beforeAll(async () => {
    [world, browser] = await Promise.all([startWorld({ rate: 100, speed: 4 }), startChromium()]);
    address = await serve('--port', '0');
    opened = await openPage(browser);
    page = opened.page;
    // a test must not depend on how fast the machine is
    page.setDefaultTimeout(120_000);
  });
  afterAll(async () => {
    await browser?.close();
    server?.kill();
    await world?.close();
  });

  const press = async (label: string, reason: string) => {
    await page.getByRole('button', { name: `${label}…` }).click();
    await page.getByLabel('Why').fill(reason);
    await page.getByRole('button', { name: label, exact: true }).click();
  };

  it('is listed when it begins, and followed to its question, which is answered there', async () => {
    await page.goto(address);
    await page.getByText('No deployment is at work.').waitFor();
    const request = {
      service: 'shop',
      image: 'shop:v2',
      reason: 'ticket 12',
      approval: 'required',
      ...quick,
    };
    const execution = await world.start({ ...request, bakeSeconds: 600 }, 'by-page');
    await page.getByRole('list').getByRole('link', { name: 'by-page' }).first().click();
    await page
      .getByRole('heading', { level: 1, name: 'shop: may shop:v2 be deployed to example?' })
      .waitFor();
    expect(await page.locator('#migrations table').textContent()).toContain(
      'ACCESS EXCLUSIVE on public.orders',
    );
    await press('Approve', 'tested on staging');
    await page.getByText('approved by ann: tested on staging').first().waitFor();
    expect(await world.entered(execution, 'ObserveGreen')).toBe(true);
    expect(
      (await world.journal('by-page')).find(({ step }) => step === 'RecordApproval')?.result,
    ).toMatchObject({
      approved: true,
      by: 'ann',
      reason: 'tested on staging',
    });
  });

  it('shows the split, the evidence and the charts while green is watched, and holds it when it is paused there', async () => {
    await page.locator('.sides .green .percent', { hasText: '50 %' }).waitFor();
    await page.getByRole('heading', { name: 'Green under traffic' }).waitFor();
    await page.getByRole('img', { name: /^Requests .*green \d/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await press('Pause', 'lunch');
    await page.getByRole('heading', { level: 1, name: 'shop:v2 is paused by ann: lunch' }).waitFor();
    expect(await world.weights()).toEqual({ a: 50, b: 50 });
  });

  it('goes on when the server was started again at its port', async () => {
    const { port } = new URL(address);
    expect(await interrupt()).toBe(0);
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    await serve('--port', port);
    await page.locator('button:enabled', { hasText: 'Roll back…' }).waitFor();
  });

  it('is rolled back there: says what that does, and the world is as it was', async () => {
    await page.getByRole('button', { name: 'Roll back…' }).click();
    expect(await page.getByRole('dialog').textContent()).toContain(
      'All users go back to the previous version',
    );
    await page.getByLabel('Why').fill('customers complain');
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'shop:v2 was rolled back' }).waitFor();
    await expectServing(world, { version: 'v1', slot: 'a' });
    expect((await world.journal('by-page')).at(-1)).toMatchObject({
      step: 'ReleaseLock',
      result: { outcome: 'RolledBack' },
    });
    expect(opened.asked.filter((url) => !url.startsWith(new URL(address).origin))).toEqual([]);
    expect(await page.locator('body').textContent()).not.toMatch(/arn:aws:secretsmanager/);
  });

  it('the list says how it ended, and Ctrl-C ends the page', async () => {
    await page.getByRole('link', { name: 'All deployments' }).click();
    await page.getByText('RolledBack').first().waitFor();
    expect(await interrupt()).toBe(0);
  });
});
