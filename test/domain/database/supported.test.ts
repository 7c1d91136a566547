import { type DatabaseType, leadsElsewhere, unsupported } from '../../../src/domain/database/supported';

const instance = { kind: 'instance', name: 'shop' } as const;
const cluster = { kind: 'cluster', name: 'shop' } as const;
const aurora: DatabaseType = { engine: 'aurora-postgresql', mode: 'provisioned' };

it('takes an instance of PostgreSQL and a cluster of Aurora PostgreSQL', () => {
  expect(unsupported(instance, { engine: 'postgres' })).toBeUndefined();
  expect(unsupported(cluster, aurora)).toBeUndefined();
});

it.each([
  [
    'an instance of an Aurora cluster',
    instance,
    { engine: 'aurora-postgresql', memberOf: 'shop-c' },
    /is one of cluster shop-c,.* set database.cluster/,
  ],
  [
    'an instance of another engine',
    instance,
    { engine: 'mariadb' },
    /runs mariadb, and only postgres is known$/,
  ],
  [
    'a cluster of Aurora MySQL',
    cluster,
    { ...aurora, engine: 'aurora-mysql' },
    /runs aurora-mysql, and only aurora-postgresql is known$/,
  ],
  [
    'a Multi-AZ DB cluster',
    cluster,
    { ...aurora, engine: 'postgres' },
    /: a Multi-AZ DB cluster is restored in another way$/,
  ],
  [
    'a cluster of a global database',
    cluster,
    { ...aurora, globalDatabase: 'world' },
    /belongs to the global database world/,
  ],
  ['Aurora PostgreSQL Limitless', cluster, { ...aurora, isLimitless: true }, /Limitless Database/],
  ['Aurora Serverless v1', cluster, { ...aurora, mode: 'serverless' }, /engine mode serverless/],
  [
    'a cluster whose readers forward writes',
    cluster,
    { ...aurora, forwardsWrites: true },
    /turn local write forwarding off$/,
  ],
])('refuses %s by name', (_, database, type, says) => expect(unsupported(database, type)).toMatch(says));

it.each([
  [
    'a database of Amazon Aurora',
    instance,
    { aurora: true, reads: false },
    /set database.cluster to its cluster/,
  ],
  ['another database than the cluster', cluster, { aurora: false, reads: false }, /none of Amazon Aurora/],
  ['a reader', cluster, { aurora: true, reads: true }, /only shows what another one writes/],
  ['a read replica', instance, { aurora: false, reads: true }, /only shows what another one writes/],
])('says when the secret leads to %s', (_, database, seen, says) =>
  expect(leadsElsewhere(database, seen)).toMatch(says),
);
it('has nothing to say of a secret that leads to where writes go', () => {
  expect(leadsElsewhere(instance, { aurora: false, reads: false })).toBeUndefined();
  expect(leadsElsewhere(cluster, { aurora: true, reads: false })).toBeUndefined();
});
