import type { Settings } from '../settings/settings';
import { about, type Finding } from './finding';

/** What encrypts, as each service names it: by ARN, by id, or by alias; undefined for what AWS manages by itself. */
export interface KeysSeen {
  secret: string | undefined;
  readSecret: string | undefined;
  manifests: string | undefined;
  database: string | undefined;
}

const { stops, risks } = about('keys');

/** What is encrypted, where the app says by what, and what cannot be done without the key. */
const THINGS = {
  secret: ['the secret of the database', 'secrets', 'database.secret', 'no step can look at the database'],
  readSecret: [
    'the secret that only reads',
    'secrets',
    'database.readSecret',
    'no step can look at the database',
  ],
  manifests: [
    "the manifests' bucket",
    'manifests',
    'migrations.manifests',
    'no step can read what a release brings',
  ],
  database: ['the database instance', 'databases', 'database.storageKey', 'its snapshots cannot be restored'],
} as const satisfies Record<keyof KeysSeen, unknown>;

/** Is a key, as a service names it, one of these? */
const isOneOf = (named: string, arns: readonly string[]) =>
  arns.some((arn) => arn === named || arn.endsWith(`:key/${named}`));

/**
 * Keys that encrypt something and that no function may use. RDS names the key that AWS manages as it names one of your own, so of an
 * instance that is told only where the app names another one.
 */
export function keyFindings({ keys }: Pick<Settings, 'keys'>, seen: KeysSeen): Finding[] {
  return (Object.keys(THINGS) as (keyof KeysSeen)[]).flatMap((thing) => {
    const [what, part, member, therefore] = THINGS[thing];
    const [named, given] = [seen[thing], keys[part]];
    if (named === undefined || named.includes('alias/aws/') || isOneOf(named, given)) return [];
    if (thing === 'database' && given.length === 0) return [];
    if (named.includes('alias/'))
      return [
        risks(
          `${what} is encrypted with ${named}, and an alias does not say which key that is: see that the app gives ${member} with its key`,
        ),
      ];
    return [
      stops(
        `${what} is encrypted with ${named}, which no function of the workflow may use, so ${therefore}: give ${member} with its key, an imported one by encryptionKey, and deploy the stack`,
      ),
    ];
  });
}
