import { claims, journal, journalReader } from '../../src/aws/journal';
import { JOURNAL_VERSION } from '../../src/domain/results/row';
import { suiteTables } from './suite-table';

const tables = suiteTables();

async function openedPorts(table: string) {
  await tables.lead();
  const environment = await tables.make(table);
  return {
    journal: journal.open(environment),
    reader: journalReader.open(environment),
    claims: claims.open(environment),
  };
}

it('reads the rows of one deployment in the order of its steps, and nothing but steps', async () => {
  const ports = await openedPorts('order');
  const write = (deployment: string, step: string, at: string, result: unknown) =>
    ports.journal.write({ deployment, step, phase: 'deploy', at, result });
  await write('one', 'CheckGreen', '2026-11-21T10:00:02.000Z', { streak: 1 });
  await write('one', 'StartGreen', '2026-11-21T10:00:01.999Z', { started: true });
  await write('other', 'StartGreen', '2026-11-21T10:00:01.000Z', {});
  await ports.claims.claim('one', 'migration', { taskDefinition: 'arn', essential: [] });
  expect(await ports.reader.rows('one')).toEqual([
    {
      step: 'StartGreen',
      phase: 'deploy',
      at: '2026-11-21T10:00:01.999Z',
      result: { started: true },
      version: JOURNAL_VERSION,
    },
    {
      step: 'CheckGreen',
      phase: 'deploy',
      at: '2026-11-21T10:00:02.000Z',
      result: { streak: 1 },
      version: JOURNAL_VERSION,
    },
  ]);
  expect(await ports.reader.rows('unknown')).toEqual([]);
});

it('reads a journal that does not fit into one page of DynamoDB', async () => {
  const ports = await openedPorts('pages');
  const at = (n: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, n)).toISOString();
  // 1 MB is a page
  for (let n = 0; n < 14; n++)
    await ports.journal.write({
      deployment: 'long',
      step: `S${n}`,
      phase: 'deploy',
      at: at(n),
      result: 'x'.repeat(90_000),
    });
  const rows = await ports.reader.rows('long');
  expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 14 }, (_, n) => `S${n}`));
});

it('keeps a big claim as it was', async () => {
  const ports = await openedPorts('claims');
  const big = { tables: Array.from({ length: 20_000 }, (_, n) => `public.table_${n}`) };
  expect(await ports.claims.claim('one', 'touched', big)).toEqual(big);
  expect(await ports.claims.claim('one', 'touched', { tables: ['another'] })).toEqual(big);
  expect(await ports.claims.claimed('one', 'touched')).toEqual(big);
});

it('gives a claim that is over to one of those who come for it, and keeps any other', async () => {
  const { claims } = await openedPorts('anew');
  const come = (deployment: string, over: boolean) =>
    claims.claimAnew('push/shop/sha256:1', 'pushed', { deployment, at: 'now' }, () => over);
  expect((await come('first', false)).deployment).toBe('first');
  expect((await come('second', false)).deployment).toBe('first');
  const both = await Promise.all(['third', 'fourth'].map((name) => come(name, true)));
  const { deployment } = await come('fifth', false);
  expect(['third', 'fourth']).toContain(deployment);
  expect((await claims.claimed('push/shop/sha256:1', 'pushed'))?.deployment).toBe(deployment);
  expect(both.filter((one) => one.deployment === deployment).length).toBeGreaterThan(0);
});
