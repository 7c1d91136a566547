import { type RdsDatabase, shownDatabase } from '../settings/database';

/** What RDS says of the kind of a database. */
export interface DatabaseType {
  engine: string;
  /** Of an instance: the cluster that it belongs to. */
  memberOf?: string;
  /** Of a cluster: `provisioned` also where its instances are Serverless v2. */
  mode?: string;
  /** Of a cluster: the global database that it belongs to. */
  globalDatabase?: string;
  isLimitless?: boolean;
  /** Do its readers hand writes over to the writer? */
  forwardsWrites?: boolean;
}

const ENGINES = { instance: 'postgres', cluster: 'aurora-postgresql' } as const;

/** Why this kind of database cannot be deployed against; undefined where it can. */
export function unsupported(database: RdsDatabase, type: DatabaseType): string | undefined {
  const it = shownDatabase(database);
  const { memberOf, engine, mode = 'provisioned', globalDatabase } = type;
  if (memberOf !== undefined)
    return `${it} is one of cluster ${memberOf}, whose snapshots and restores are those of the cluster; where that is one of Aurora PostgreSQL, set database.cluster to it in the place of database.instance`;
  if (engine !== ENGINES[database.kind])
    return `${it} runs ${engine}, and only ${ENGINES[database.kind]} is known${
      engine === 'postgres' ? ': a Multi-AZ DB cluster is restored in another way' : ''
    }`;
  if (globalDatabase !== undefined)
    return `${it} belongs to the global database ${globalDatabase}, and a restored cluster would not`;
  if (type.isLimitless)
    return `${it} is an Aurora PostgreSQL Limitless Database, whose tables are on shards that nobody here looks at`;
  if (mode !== 'provisioned')
    return `${it} is of engine mode ${mode}, and only provisioned is known, Serverless v2 as well`;
  if (type.forwardsWrites)
    return `${it} forwards writes from its readers, so sessions there could write while the service is closed; turn local write forwarding off`;
  return undefined;
}

/** Why the secret does not lead to where a database takes writes, by what answers there; undefined where it does. */
export function leadsElsewhere(
  database: RdsDatabase,
  { aurora, reads }: { aurora: boolean; reads: boolean },
): string | undefined {
  const secret = `the secret of ${shownDatabase(database)} leads to`;
  if (aurora !== (database.kind === 'cluster'))
    return aurora
      ? `${secret} a database of Amazon Aurora; set database.cluster to its cluster, in the place of database.instance`
      : `${secret} a database that is none of Amazon Aurora; let it lead to the cluster's endpoint`;
  return reads
    ? `${secret} an instance that only shows what another one writes; let it lead to the one that writes`
    : undefined;
}
