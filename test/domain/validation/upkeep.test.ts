import { serverSettings } from '../../../src/domain/validation/upkeep/server-settings';
import { unusedIndexes } from '../../../src/domain/validation/upkeep/unused-indexes';
import { sizeText } from '../../../src/domain/validation/upkeep/upkeep';
import { wraparound } from '../../../src/domain/validation/upkeep/wraparound';

const SEEN = {
  countedDays: 45,
  standby: false,
  standbys: 0,
  indexes: [{ name: 'public.i', bytes: 3 * 1024 ** 2 }],
};

it.each([
  [
    'old enough',
    SEEN,
    'warning',
    /^no query has used public\.i \(3 MiB\) for 45 days; DROP INDEX CONCURRENTLY[^;]*$/,
  ],
  [
    'too young',
    { ...SEEN, countedDays: 2.5 },
    'warning',
    /^unseen: the statistics are 2 days old.*1 indexes/,
  ],
  ['with standbys', { ...SEEN, standbys: 2 }, 'warning', /; 2 standbys count their own queries/],
  ['of a standby', { ...SEEN, standby: true }, 'warning', /^unseen: a standby counts its own/],
  ['young, and of nothing unused', { ...SEEN, countedDays: 1, indexes: [] }, 'ok', /^every index is used/],
])('judges unused indexes by statistics that are %s', (_what, seen, status, detail) => {
  expect(unusedIndexes.judge(seen)).toEqual({ status, detail: expect.stringMatching(detail) });
});

it.each([
  [200_000_000, 1000, 'ok'],
  [500_000_000, 1000, 'warning'],
  [1000, 500_000_000, 'warning'],
  [1_600_000_000, 1000, 'failed'],
])('judges %i transactions and %i multixacts', (transactions, multixacts, status) => {
  const databases = [{ name: 'shop', transactions, multixacts }];
  expect(wraparound.judge({ databases, oldest: null }).status).toBe(status);
});

const HEALTHY = { autovacuum: 'on', fsync: 'on', track_counts: 'on', default_transaction_read_only: 'off' };

it.each([
  [{}, [], 'ok', /^4 settings/],
  [
    { track_counts: 'off' },
    [],
    'failed',
    /^track_counts is off: autovacuum does not work without it; set it on$/,
  ],
  [
    { default_transaction_read_only: 'on' },
    [],
    'failed',
    /^default_transaction_read_only is on: no migration/,
  ],
  [{ fsync: 'off' }, [], 'warning', /^fsync is off/],
  [{}, ['statement_timeout=5s'], 'warning', /^role app has statement_timeout=5s/],
  [{}, ['statement_timeout=0'], 'ok', /^4 settings/],
  [{}, ['transaction_timeout=1min'], 'warning', /^role app has transaction_timeout=1min/],
  [{}, ['default_transaction_read_only=on'], 'failed', /^role app has default_transaction_read_only=on/],
])('judges the settings %j and a role with %j', (other, ofRole, status, detail) => {
  const seen = {
    settings: { ...HEALTHY, ...other },
    ofRoles: ofRole.map((setting) => ({ of: 'role app', setting })),
  };
  expect(serverSettings.judge(seen)).toEqual({ status, detail: expect.stringMatching(detail) });
});

it.each([
  [0, '0 bytes'],
  [1023, '1020 bytes'],
  [1536, '1.5 KiB'],
  [5 * 1024 ** 3, '5 GiB'],
])('says %i bytes as %s', (bytes, said) => expect(sizeText(bytes)).toBe(said));
