import type { Browser } from 'playwright-core';
import { describeInChromium, openPage, startChromium, violationsOf } from './chromium';
import { startServed } from './served';
import { STATES, shownOf } from './states';

jest.setTimeout(60_000);

describeInChromium('the page in Chromium', () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof startServed>>;
  beforeAll(async () => {
    const shown = Object.fromEntries(Object.keys(STATES).map((state) => [state, shownOf(state)]));
    const listed = Object.keys(STATES).map((state) => [
      `deployment ${state}`,
      { deployment: state, began: '2026-11-30T22:00:00.000Z', outcome: 'running' },
    ]);
    [browser, served] = await Promise.all([
      startChromium(),
      startServed({ services: [], ...Object.fromEntries(listed) }, shown),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });

  const at = (state: string) => `${served.address}#${encodeURIComponent(state)}`;

  it('draws the way with shapes and signs, phases by name, and opens a phase by the keyboard', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(at('rolled back'));
    const phases = page.getByRole('list', { name: 'Phases' }).getByRole('button');
    await phases.first().waitFor();
    expect((await phases.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
      ...['Prepare', 'Deploy', 'Shift', 'Return', 'Revert', 'Conclude'].map((phase) =>
        expect.stringContaining(phase),
      ),
    ]);
    const graph = page.getByRole('img', { name: 'The phases of the state machine' });
    expect(await graph.locator('text').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Shift ⚠/), 'Contract']),
    );
    await phases.filter({ hasText: 'Shift' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Inside Shift').waitFor();
    expect(await page.getByRole('img', { name: 'The states of Shift' }).textContent()).toContain(
      'ObserveGreen',
    );
    await close();
  });

  it('says what a button will do before anything is done, does it once it is confirmed, and by the keyboard alone', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(at('asks'));
    const approve = page.getByRole('button', { name: 'Approve…' });
    await approve.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Approve: first' });
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain('Yes to: shop: may shop:v2 be deployed to example?');
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(served.done).toEqual([]);

    await approve.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.type('ticket 12');
    await page.keyboard.press('Enter');
    await page.getByText('it is done').waitFor();
    expect(served.done).toEqual([{ verb: 'approve', deployment: 'first', by: 'ann', reason: 'ticket 12' }]);
    await close();
  });

  it('tells a screen reader what has changed, and shows it without a reload', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(at('watched'));
    const status = page.getByRole('status');
    await status.getByText('is being deployed').waitFor({ state: 'attached' });
    served.tell('watched', shownOf('released'));
    await page.getByRole('heading', { level: 1, name: 'shop:v2 was released' }).waitFor();
    expect(await status.textContent()).toContain('shop:v2 was released');
    await close();
  });

  it('survives a restart of the server: says that it is gone, finds it again, and shows the state anew', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(at('paused'));
    await page.getByRole('button', { name: 'Resume…' }).waitFor();
    served.stop();
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    expect(await page.getByRole('button', { name: 'Resume…' }).isDisabled()).toBe(true);
    await served.restart();
    await page.locator('button:enabled', { hasText: 'Resume…' }).waitFor();
    // with the token of the new server
    await page.getByRole('button', { name: 'Resume…' }).click();
    await page.getByLabel('Why').fill('back');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText('it is done').waitFor();
    expect(served.done.at(-1)).toMatchObject({ verb: 'resume', reason: 'back' });
    await close();
  });

  it('lists deployments, and leads to each', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(served.address);
    await page.getByRole('heading', { name: `Deployments: ${Object.keys(STATES).length}` }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('link', { name: 'rejected' }).click();
    await page.getByRole('heading', { level: 1, name: 'was rejected' }).waitFor();
    await close();
  });
});
