import { AWS_QUOTAS, concerns } from '../../local/throttling';
import { type Capacity, type Counts, capacities, peakPerSecond, TRANSITIONS } from './model';

/** What one deployment of each kind calls. */
export interface Kinds {
  /** A release without migrations. */
  code: Counts;
  /** A release with migrations, and so with a snapshot. */
  migrations: Counts;
}

const MARKS = {
  counts: 'counted',
  capacities: 'what the quotas bear',
  account: 'ten thousand services',
} as const;

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const bucketOf = (name: string) => {
  const [service = '', operation = ''] = name.split(':');
  const own = AWS_QUOTAS.filter((quota) => concerns(quota, { service, operation }));
  return (
    own.map(({ name, burst, perSecond }) => `${name}: ${burst}, ${perSecond}/s`).join('; ') ||
    'none published'
  );
};

function countsTable({ code, migrations }: Kinds): string {
  const names = [...new Set([...Object.keys(migrations), ...Object.keys(code)])].sort();
  const most = (name: string) => Math.max(code[name] ?? 0, migrations[name] ?? 0);
  const rows = names
    .sort((one, other) => most(other) - most(one))
    .map((name) => [
      `\`${name}\``,
      code[name] ?? 0,
      migrations[name] ?? 0,
      name === TRANSITIONS ? 'state transitions: 5000, 5000/s' : bucketOf(name),
    ]);
  return table(['operation', 'code only', 'with migrations', 'bucket: burst, rate'], rows);
}

const rounded = (value: number) => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en'));

function capacitiesTable({ code, migrations }: Kinds): string {
  const others = capacities(code);
  const of = ({ quota }: Capacity) =>
    others.find((one) => one.quota.service === quota.service && one.quota.name === quota.name);
  const rows = capacities(migrations)
    .slice(0, 12)
    .map((one) => [
      `${one.quota.service}, ${one.quota.name}`,
      one.calls,
      rounded(one.perSecond),
      rounded(one.perSecond * 3600),
      rounded((of(one)?.perSecond ?? Number.POSITIVE_INFINITY) * 3600).replace('∞', 'any'),
    ]);
  return table(['quota', 'calls', 'deployments a second', 'deployments an hour', 'code only, an hour'], rows);
}

const DAYS = [
  [0.2, 3],
  [1, 3],
  [1, 8],
  [3, 4],
] as const;

function accountTable({ code, migrations }: Kinds): string {
  const [first] = capacities(code);
  const [heavy] = capacities(migrations);
  const rows = DAYS.map(([perDay, peak]) => {
    const rate = peakPerSecond(10_000, perDay, peak);
    // one release in ten brings migrations
    const share = rate * (0.9 / first!.perSecond + 0.1 / heavy!.perSecond);
    return [perDay, peak, rounded(rate), `${Math.round(share * 100)} %`, Math.max(1, Math.ceil(share))];
  });
  return table(
    [
      'deployments per service and day',
      'busiest hour, times the average',
      'deployments a second then',
      'of the first quota',
      'accounts or regions needed',
    ],
    rows,
  );
}

const begin = (mark: string) => `<!-- ${mark} -->`;
const end = (mark: string) => `<!-- end of: ${mark} -->`;

function put(page: string, mark: string, text: string): string {
  const [before, rest = ''] = page.split(`${begin(mark)}\n`);
  const after = rest.split(end(mark))[1];
  if (after === undefined) throw new Error(`the page has no place for "${mark}"`);
  return `${before}${begin(mark)}\n${text}\n${end(mark)}${after}`;
}

/** The page with its tables made from these counts. */
export const written = (page: string, kinds: Kinds): string =>
  [
    [MARKS.counts, countsTable(kinds)],
    [MARKS.capacities, capacitiesTable(kinds)],
    [MARKS.account, accountTable(kinds)],
  ].reduce((text, [mark = '', made = '']) => put(text, mark, made), page);

/** The counts that a page says. */
export function countsIn(page: string): Kinds {
  const part = page.split(begin(MARKS.counts))[1]?.split(end(MARKS.counts))[0] ?? '';
  const rows = [...part.matchAll(/^\| `(\S+)` \| (\d+) \| (\d+) \|/gm)];
  const kind = (cell: number) =>
    Object.fromEntries(
      rows.map((row) => [row[1] ?? '', Number(row[cell])] as const).filter(([, times]) => times > 0),
    );
  return { code: kind(2), migrations: kind(3) };
}
