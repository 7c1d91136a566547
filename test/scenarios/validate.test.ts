import type { ValidationReport } from '../../src/domain/report/validation';
import { greenlight } from './greenlight';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 50 });
  await world.query('CREATE EXTENSION pg_stat_statements');
});
afterAll(() => world?.close());
afterEach(() => world.mend());

const validate = (...args: string[]) => greenlight(world, 'validate', 'shop', ...args);

async function validated(level: string): Promise<{ code: number; report: ValidationReport }> {
  const { code, out, error } = await validate('--level', level, '--json');
  expect(error).toMatch(/^shop-validation-\d{8}-\d{6}: validates the database of shop, /);
  if (out === '') throw new Error(error);
  return { code, report: JSON.parse(out) };
}
const finding = ({ findings }: ValidationReport, name: string) =>
  findings.find(({ check }) => check === name);

/** All that a deployment could change. */
const standing = async () => ({
  schema: await world.schema(),
  serving: await world.serving(),
  running: await world.running(),
  weights: await world.weights(),
  snapshots: await world.snapshots(),
  holder: await world.lockHolder(),
});

it('looks at the level that was asked for, compares with the run before, and changes nothing', async () => {
  const before = await standing();

  const basic = await validated('basic');
  expect(basic.code).toBe(0);
  expect(basic.report.findings.map(({ check }) => check)).toEqual(['connection', 'history']);
  expect(basic.report).toMatchObject({ level: 'basic', against: null, figures: [], queries: [] });

  const first = await validated('comprehensive');
  expect(first.code).toBe(0);
  expect(first.report.against).toBeNull();
  expect(finding(first.report, 'keylessTables')?.status).toBe('ok');
  expect(finding(first.report, 'server')?.detail).toMatch(/is not protected from deletion/);
  expect(first.report.queries.length).toBeGreaterThan(0);

  await world.query(`
    CREATE TABLE planted (id bigint, product bigint, other bigint);
    CREATE TABLE planted_parents (id bigint PRIMARY KEY);
    ALTER TABLE planted ADD CONSTRAINT planted_key FOREIGN KEY (product) REFERENCES planted_parents`);
  try {
    const second = await validated('comprehensive');
    expect(second.report.against?.run).toBe(first.report.run);
    expect(finding(second.report, 'keylessTables')).toMatchObject({
      status: 'warning',
      trend: 'worse',
      detail: expect.stringContaining('NOT NULL: public.planted;'),
    });
    expect(finding(second.report, 'unindexedKeys')?.detail).toContain(
      'planted_key on public.planted (product)',
    );
    expect(second.report.figures).toContainEqual({ of: 'tables without a key', before: 0, now: 1 });
    const keys = second.report.figures.find(({ of }) => of === 'foreign keys without an index');
    expect(keys?.now).toBe((keys?.before ?? 0) + 1);
    expect(finding(second.report, 'performance')).toBeDefined();

    const forms: string[] = [];
    for (const format of ['text', 'markdown', 'html'])
      forms.push((await validate('--of', second.report.run, '--format', format)).out);
    for (const out of forms) {
      expect(out).toContain('foreign keys without an index');
      expect(out).toMatch(/planted\\?_key on public/);
      expect(out).toContain('worse');
    }
    expect(forms[2]).toMatch(/^<!doctype html>[\s\S]*<\/html>$/);
  } finally {
    await world.query('DROP TABLE planted, planted_parents');
  }
  expect(await standing()).toEqual(before);
});

it('looks while a deployment holds the lock, and holds it up by nothing', async () => {
  const execution = await world.start({
    ...{ service: 'shop', image: 'shop:v2', reason: 'a test', approval: 'required', migrations: 'none' },
  });
  expect(await world.entered(execution, 'RequestApproval')).toBe(true);
  const holder = await world.lockHolder();
  expect(holder).toBeDefined();
  const { code, report } = await validated('standard');
  expect([code, report.level]).toEqual([0, 'standard']);
  expect(await world.lockHolder()).toBe(holder);
  await world.stop(execution);
  await world.rest();
});

it('says what could not be looked at, and why', async () => {
  world.fault({ operation: 'states:StartExecution', kind: 'before', error: 'AccessDeniedException' });
  expect(await validate()).toMatchObject({
    code: 1,
    out: '',
    error: expect.stringContaining('states:StartExecution'),
  });
  world.mend();

  const start = await world.stopDatabase();
  const { code, out, error } = await validate('--level', 'basic');
  await start();
  expect([code, out]).toEqual([1, '']);
  expect(error).toMatch(/DeploymentRejected: database \S+ cannot be read .*nothing was changed/);
});
