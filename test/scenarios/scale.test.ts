import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { count } from '../scale/count';
import { capacities } from '../scale/model';
import { countsIn } from '../scale/page';

const page = countsIn(readFileSync(join(__dirname, '..', '..', 'docs', 'scale.md'), 'utf8'));

/** A busy machine costs a poll more or less. */
const near = (times: number) => Math.max(3, times * 0.3);

test('a deployment calls what the page says it calls', async () => {
  const counted = await count();
  for (const kind of ['code', 'migrations'] as const) {
    const names = new Set([...Object.keys(page[kind]), ...Object.keys(counted[kind])]);
    const off = [...names].filter((name) => {
      const said = page[kind][name] ?? 0;
      return Math.abs((counted[kind][name] ?? 0) - said) > near(said);
    });
    expect({ kind, off }).toEqual({ kind, off: [] });
    const [first] = capacities(counted[kind]);
    expect(first?.quota).toMatchObject({ service: 'elasticloadbalancing', name: 'all actions together' });
  }
}, 300_000);
