import { about, check, judgementOf } from './check';

export interface ReplicationSeen {
  /** Names of the standbys that stream. */
  standbys: string[];
  /** How far the last of them is behind; null where nobody tells. */
  lagSeconds: number | null;
  /** `lost`: the server has removed what the slot still needed. */
  slots: { name: string; active: boolean; lost: boolean; keptBytes: number }[];
}

const LAG_SECONDS = 60;
const KEPT_BYTES = 1024 ** 3;

/** A migration that writes much is first noticed by those who have to follow. Source: PostgreSQL documentation, "Monitoring", pg_stat_replication and pg_replication_slots. */
export const replication = check<ReplicationSeen>({
  from: 'comprehensive',
  about: 'standbys and replication slots that keep up',
  compare(before, after) {
    const gone = before.standbys.filter((name) => !after.standbys.includes(name));
    const known = (name: string) => before.slots.find((slot) => slot.name === name);
    const lost = after.slots.filter(({ name, lost }) => lost && !known(name)?.lost);
    const still = after.slots.filter(({ name, lost }) => lost && known(name)?.lost);
    const waiting = after.slots.filter(
      ({ lost, active, keptBytes }) => !lost && !active && keptBytes > KEPT_BYTES,
    );
    const names = (slots: ReplicationSeen['slots']) => slots.map(({ name }) => name);
    const lag = after.lagSeconds ?? 0;
    return judgementOf(
      {
        failed: [
          ...about(gone, (list) => `standbys ${list} no longer follow`),
          ...about(names(lost), (list) => `slots ${list} are lost: their readers have to begin anew`),
        ],
        warnings: [
          ...(lag > LAG_SECONDS ? [`a standby is ${Math.round(lag)} s behind`] : []),
          ...about(names(waiting), (list) => `nobody reads from slots ${list}, which keep more than 1 GiB`),
          ...about(names(still), (list) => `slots ${list} are lost since before`),
        ],
      },
      `${after.standbys.length} standbys, ${after.slots.length} slots, ${Math.round(lag)} s behind`,
    );
  },
});
