import { existsSync } from 'node:fs';
import { greenlight } from '../scenarios/greenlight';
import { quick } from '../scenarios/stories';
import { startWorld, type World } from '../scenarios/world';
import { leaksOf } from './leaks';
import { CANARY_FILE, CANARY_TABLE, INJECTIONS } from './nasty';
import { plantedReleases } from './planted';
import { logsOf } from './said';

jest.setTimeout(600_000);

const releases = plantedReleases();
let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 50, images: releases.images });
});
afterAll(async () => {
  await world?.close();
  releases.remove();
});

const XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
const REASON = `${XSS} '; CREATE TABLE ${CANARY_TABLE}(x int); -- $(touch ${CANARY_FILE}) {% $uuid() %} <!channel>`;

it('takes code as the words that it is: in requests, on the page, in messages and in reports', async () => {
  const strangers = await world.deploy({ image: 'shop:v2', reason: REASON, accept: INJECTIONS });
  expect(strangers.cause).toMatch(/^request\.accept names '; DROP TABLE orders/);
  const execution = await world.start(
    {
      service: 'shop',
      image: 'shop:v2',
      approval: 'required',
      reason: `first\nyes: ${REASON}`,
      requestedBy: `ann ${XSS} \`touch ${CANARY_FILE}\``,
      ...quick,
    },
    "it's-(odd)!",
  );
  const asked = await world.asked(execution);
  if (!asked) throw new Error((await world.ended(execution)).cause);
  const { subject, text, link } = asked;
  expect(subject).not.toMatch(/[\r\n]/);
  // the only lines that offer an answer are Greenlight's own
  expect(text.split('\n').filter((line) => line.startsWith('yes: '))).toHaveLength(1);
  const page = await (await fetch(link)).text();
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/<script|<img|<svg/);
  const refused = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ answer: 'approve', by: 'bob\u001b[2J', reason: 'ok' }),
  });
  expect(refused.status).toBe(400);
  const answered = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ answer: 'approve', by: `bob ${XSS}`, reason: REASON }),
  });
  expect([answered.status, (await answered.text()).match(/<script|<img/)]).toEqual([200, null]);
  const ended = await world.ended(execution);
  expect([ended.outcome, ended.cause]).toEqual(['DeploymentSucceeded', '']);
  const report = await greenlight(world, 'report', "it's-(odd)!");
  expect(report.out).toContain(`reason      first yes: ${REASON}`);
  const key = new URL(link).searchParams.get('key') ?? '';
  expect(key.length).toBeGreaterThan(20);
  expect((await logsOf(world)).join('\n')).not.toContain(key);
  expect(existsSync(CANARY_FILE)).toBe(false);
  expect(await world.query(`SELECT to_regclass('${CANARY_TABLE}') AS canary`)).toEqual([{ canary: null }]);
});

it('lets no secret out, wherever it was planted and however the deployment ends', async () => {
  const { ends, logged, reported, leaks } = await leaksOf(world, releases.folder);
  expect(ends).toEqual([
    expect.stringMatching(/^DeploymentSucceeded/),
    // the names stay: what failed, and on which constraint
    expect.stringMatching(
      /^RolledBack: the previous version.*violates unique constraint \\"visits_who_key\\"/,
    ),
    expect.stringMatching(/^RolledBack: the migration failed: UserInitiated: postgres:\/\/ann:\*\*\*@db/),
    expect.stringMatching(/^RolledBack: the migration failed/),
    expect.stringMatching(/^RolledBack: the migration failed/),
    expect.stringMatching(/^RolledBack: the migration failed/),
    expect.stringMatching(/^PlanReported/),
    expect.stringMatching(/^DeploymentSucceeded/),
  ]);
  // the functions did log, so that there was something to look through
  expect(logged).toEqual([
    ...['asleep', 'broken', 'careless', 'everywhere', 'failing', 'roles', 'twice', 'visits'],
  ]);
  expect(reported).toEqual(logged);
  expect(leaks).toEqual([]);
});
