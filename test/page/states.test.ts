import type { Browser } from 'playwright-core';
import type { Head } from '../../src/domain/page/head';
import { describeInChromium, openPage, startChromium, violationsOf } from './chromium';
import { startServed } from './served';
import { STATES, shownOf } from './states';

jest.setTimeout(60_000);

describeInChromium('each state of a deployment in Chromium', () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof startServed>>;
  beforeAll(async () => {
    const shown = Object.fromEntries(Object.keys(STATES).map((state) => [state, shownOf(state)]));
    [browser, served] = await Promise.all([startChromium(), startServed({}, shown)]);
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });

  it.each(Object.keys(STATES))(
    'says first how a deployment stands that is: %s; axe finds nothing in either mode, and all is asked of the server',
    async (state) => {
      const { page, asked, complaints, close } = await openPage(browser);
      await page.goto(`${served.address}#${encodeURIComponent(state)}`);
      const head = shownOf(state).head as Head;
      await page.getByRole('heading', { level: 1, name: head.outcome }).waitFor();
      expect(await page.locator('.expected').textContent()).toContain(head.expected || 'nothing.');
      expect(await page.locator('.head .buttons button').allInnerTexts()).toEqual(
        head.actions.map(({ label }) => `${label}…`),
      );
      expect(await page.title()).toContain(head.outcome);
      expect(await violationsOf(page)).toEqual([]);
      const light = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe(light);
      expect(asked.filter((url) => !url.startsWith(served.address))).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
  );
});
