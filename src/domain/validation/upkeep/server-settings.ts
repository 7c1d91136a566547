import { judgementOf } from '../check';
import { upkeep } from './upkeep';

export interface ServerSettingsSeen {
  /** By name; a name that the server does not know is left out. */
  settings: Record<string, string>;
  /** What is set for a role, or for the database: "statement_timeout=5s" of "app". */
  ofRoles: { of: string; setting: string }[];
}

/** What each is for: it has to be on, or off. */
const NEEDED: readonly { name: string; value: 'on' | 'off'; why: string; weight: 'failed' | 'warnings' }[] = [
  { name: 'default_transaction_read_only', value: 'off', why: 'no migration could write', weight: 'failed' },
  {
    name: 'track_activities',
    value: 'on',
    why: 'nobody sees which sessions are old, or who waits',
    weight: 'failed',
  },
  { name: 'track_counts', value: 'on', why: 'autovacuum does not work without it', weight: 'failed' },
  {
    name: 'autovacuum',
    value: 'on',
    why: 'tables swell, and transaction numbers run out',
    weight: 'warnings',
  },
  { name: 'fsync', value: 'on', why: 'a crash may destroy the data', weight: 'warnings' },
  { name: 'full_page_writes', value: 'on', why: 'a crash may destroy the data', weight: 'warnings' },
];

/** Of roles and databases, which migrations run under. A deadline of no time is none. */
const SHORTENING = /^(statement_timeout|transaction_timeout)=(?!0(ms|s|min|h|d)?$)/;
const READ_ONLY = /^default_transaction_read_only=(on|true|yes|1)$/i;

/** Source: PostgreSQL documentation, "Server Configuration". */
export const serverSettings = upkeep<ServerSettingsSeen>({
  about: 'settings that a deployment needs',
  judge({ settings, ofRoles }) {
    const wrong = NEEDED.filter(({ name, value }) => (settings[name] ?? value) !== value);
    const said = (weight: 'failed' | 'warnings') =>
      wrong
        .filter((one) => one.weight === weight)
        .map(({ name, value, why }) => `${name} is ${settings[name]}: ${why}; set it ${value}`);
    const of = (pattern: RegExp) => ofRoles.filter(({ setting }) => pattern.test(setting));
    return judgementOf(
      {
        failed: [
          ...said('failed'),
          ...of(READ_ONLY).map(
            ({ of, setting }) => `${of} has ${setting}: no migration could write; reset it`,
          ),
        ],
        warnings: [
          ...said('warnings'),
          ...of(SHORTENING).map(
            ({ of, setting }) =>
              `${of} has ${setting}: a migration that takes longer is cancelled; its tool has to set another`,
          ),
        ],
      },
      `${Object.keys(settings).length} settings are as they have to be`,
    );
  },
});
